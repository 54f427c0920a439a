/** A notebook is opened with a kernel of another environment than the one it refers to: a question. */
import { Notification } from '@jupyterlab/apputils';
import { NotebookPanel } from '@jupyterlab/notebook';

import { PanelModel } from '../panel/model';
import { Words } from '../panel/words';
import { NotebookModel } from './model';

/**
 * Say so once for each notebook, as long as it is so; nothing is switched or installed unasked.
 *
 * @param notebook - The notebook in front.
 * @param model - Knows the environments.
 * @param show - Shows its card, which says what a switch would lose and has the button.
 * @param trans - Translates.
 */
export function askWhereItDiffers(
  notebook: NotebookModel,
  model: PanelModel,
  show: () => void,
  trans: Words
): void {
  const said = new WeakMap<NotebookPanel, string>();
  const look = () => {
    const panel = notebook.notebook;
    if (!panel || !notebook.prefix || !model.environments.length) {
      return; // it is not known yet where its kernel runs
    }
    const { missed } = notebook;
    const id = said.get(panel);
    if (missed && id === undefined) {
      const actions = [{ label: trans.__('Show …'), callback: show }];
      const text = missed.environment
        ? trans.__(
            '%1 was last used with the environment %2; its kernel runs in another.',
            notebook.title,
            missed.wanted
          )
        : trans.__(
            '%1 was last used with the environment %2, which is not here.',
            notebook.title,
            missed.wanted
          );
      said.set(
        panel,
        Notification.warning(text, { actions, autoClose: false })
      );
    } else if (!missed && id !== undefined) {
      Notification.dismiss(id);
    }
  };
  notebook.changed.connect(look);
  model.changed.connect(look);
}
