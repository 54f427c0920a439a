/** Says that the notebook in front does not run in the environment that the panel shows. */
import { UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';

import { NotebookModel } from '../notebook/model';
import { PanelModel } from '../panel/model';
import { Words } from '../panel/words';

interface IProps {
  model: PanelModel;
  notebook: NotebookModel;
  trans: Words;
}

export function Elsewhere(props: IProps): JSX.Element {
  return (
    <UseSignal signal={props.notebook.changed}>
      {() => <Note {...props} />}
    </UseSignal>
  );
}

function Note({ model, notebook, trans }: IProps): JSX.Element | null {
  const { environment, prefix, title } = notebook;
  if (!prefix || !model.environment || prefix === model.prefix) {
    return null;
  }
  return (
    <p className="xc-Elsewhere" role="note">
      {environment
        ? trans.__('%1 runs in %2.', title, environment.name || prefix)
        : trans.__(
            '%1 runs in no conda environment, and sees nothing of this one.',
            title
          )}
      {environment && (
        <button
          type="button"
          className="xc-Link"
          onClick={() => void model.followFrom(prefix)}
        >
          {trans.__('Show that')}
        </button>
      )}
    </p>
  );
}
