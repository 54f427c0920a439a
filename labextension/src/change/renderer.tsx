/** Draws `application/vnd.xconda.change+json` in notebooks: the buttons work where they are. */
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Kernel, KernelMessage } from '@jupyterlab/services';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { restartAndRunTo } from '../notebook/running';
import { Words } from '../panel/words';
import { ChangeView, IDeeds } from './ChangeView';
import { CHANGE_TYPE, IChangeResult, readChange } from './types';

/** Before HTML (50), which the same output carries for other applications. */
const RANK = 40;

export interface IPlace {
  tracker: INotebookTracker | null;
  trans: Words;
  undo: (result: IChangeResult) => void;
}

/** The factory to be added to the application's renderers. */
export function changeRenderer(place: IPlace): IRenderMime.IRendererFactory {
  return {
    safe: true, // it draws text only, and its buttons run nothing that the output says
    mimeTypes: [CHANGE_TYPE],
    defaultRank: RANK,
    createRenderer: () => new ChangeOutput(place)
  };
}

class ChangeOutput extends ReactWidget implements IRenderMime.IRenderer {
  constructor(private readonly _place: IPlace) {
    super();
    this.addClass('xc-ChangeOutput');
  }

  renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this._result = readChange(model.data[CHANGE_TYPE]);
    this.update();
    return this.renderPromise ?? Promise.resolve();
  }

  protected render(): JSX.Element | null {
    const result = this._result;
    if (!result) {
      return null;
    }
    const deeds: IDeeds = {
      undo: () => this._place.undo(result),
      reload: this._notebook() ? () => this._reload() : null,
      restartAndRunToHere: this._notebook() ? () => this._runToHere() : null
    };
    return (
      <ChangeView result={result} deeds={deeds} trans={this._place.trans} />
    );
  }

  /** The notebook that this output is in. */
  private _notebook(): NotebookPanel | undefined {
    return this._place.tracker?.find(each => each.node.contains(this.node));
  }

  private async _reload(): Promise<string> {
    const kernel = this._notebook()?.sessionContext.session?.kernel;
    return kernel ? printed(kernel, '%xconda reload') : '';
  }

  private async _runToHere(): Promise<void> {
    const notebook = this._notebook();
    const at = notebook?.content.widgets.findIndex(cell =>
      cell.node.contains(this.node)
    );
    if (notebook && at !== undefined && at >= 0) {
      await restartAndRunTo(notebook, at);
    }
  }

  private _result: IChangeResult | null = null;
}

/** Run code that leaves no trace in the notebook, and return what it shows as text. */
async function printed(
  kernel: Kernel.IKernelConnection,
  code: string
): Promise<string> {
  const parts: string[] = [];
  const future = kernel.requestExecute({
    code,
    store_history: false,
    allow_stdin: false
  });
  future.onIOPub = message => {
    if (KernelMessage.isStreamMsg(message)) {
      parts.push(message.content.text);
    } else if (
      KernelMessage.isExecuteResultMsg(message) ||
      KernelMessage.isDisplayDataMsg(message)
    ) {
      parts.push(String(message.content.data['text/plain'] ?? ''));
    } else if (KernelMessage.isErrorMsg(message)) {
      parts.push(`${message.content.ename}: ${message.content.evalue}`);
    }
  };
  await future.done;
  return parts.join('\n').trim();
}
