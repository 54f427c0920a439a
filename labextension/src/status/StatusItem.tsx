/** The notebook's environment in the status bar; a click shows it in the panel. */
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';

import { xcondaIcon } from '../icon';
import { NotebookModel } from '../notebook/model';
import { PanelModel } from '../panel/model';
import { Words } from '../panel/words';

export class StatusItem extends ReactWidget {
  constructor(
    private readonly _model: PanelModel,
    private readonly _notebook: NotebookModel,
    private readonly _trans: Words,
    private readonly _open: () => void
  ) {
    super();
    this.addClass('xc-Status');
  }

  protected render(): JSX.Element {
    const { _model: model, _notebook: notebook, _trans: trans } = this;
    return (
      <UseSignal signal={notebook.changed}>
        {() => (
          <UseSignal signal={model.changed}>
            {() => (
              <Item
                words={words(notebook, trans)}
                needsRestart={notebook.stale.length > 0}
                open={this._open}
                trans={trans}
              />
            )}
          </UseSignal>
        )}
      </UseSignal>
    );
  }
}

function words(notebook: NotebookModel, trans: Words): string {
  const { environment, prefix } = notebook;
  return environment?.name || prefix.split('/').pop() || trans.__('unknown');
}

function Item(props: {
  words: string;
  needsRestart: boolean;
  open: () => void;
  trans: Words;
}): JSX.Element {
  const { words, needsRestart, open, trans } = props;
  return (
    <button
      type="button"
      className={
        needsRestart ? 'xc-Status-item xc-mod-stale' : 'xc-Status-item'
      }
      title={
        needsRestart
          ? trans.__('Environment of this notebook: its kernel needs a restart')
          : trans.__('Environment of this notebook')
      }
      onClick={open}
    >
      <xcondaIcon.react tag="span" height="14px" width="14px" />
      <span>{words}</span>
      {needsRestart && <span aria-hidden="true">●</span>}
    </button>
  );
}
