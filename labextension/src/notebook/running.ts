/** Runs a notebook again: from its first cell up to one of them, in a fresh kernel. */
import { NotebookActions, NotebookPanel } from '@jupyterlab/notebook';

/** Restart the kernel and run every cell up to the cell at `index`, that cell included. */
export async function restartAndRunTo(
  panel: NotebookPanel,
  index: number
): Promise<void> {
  await panel.sessionContext.restartKernel();
  const cells = panel.content.widgets.slice(0, index + 1);
  await NotebookActions.runCells(panel.content, cells, panel.sessionContext);
}
