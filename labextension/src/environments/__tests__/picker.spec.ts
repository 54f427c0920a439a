import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import { PanelModel } from '../../panel/model';
import { XcondaPanel } from '../../panel/Panel';
import { anEnvironment, FakeClient } from '../../panel/testing';

async function panelOn(is_writable: boolean, copy: () => void) {
  const client = new FakeClient();
  client.here = [{ ...anEnvironment('shared'), is_writable }];
  const model = new PanelModel(client);
  await model.refresh();
  const deeds = { openMenu: () => undefined, copy };
  const panel = new XcondaPanel(model, null, deeds, nullTranslator);
  Widget.attach(panel, document.body);
  await panel.renderPromise;
  return panel;
}

function copyButton(panel: XcondaPanel): HTMLElement | undefined {
  const buttons = panel.node.querySelectorAll('button');
  return [...buttons].find(each => each.textContent === 'Copy it …');
}

describe('EnvironmentPicker', () => {
  it('offers a copy of an environment that the user may not write to', async () => {
    const copy = jest.fn();
    const panel = await panelOn(false, copy);
    expect(panel.node.textContent).toContain('Read only');
    copyButton(panel)!.click();
    expect(copy).toHaveBeenCalled();
    panel.dispose();
  });

  it('does not where he may', async () => {
    const panel = await panelOn(true, jest.fn());
    expect(copyButton(panel)).toBeUndefined();
    panel.dispose();
  });
});
