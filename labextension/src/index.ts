/** Wires the extension into JupyterLab. */
import {
  ILayoutRestorer,
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ServiceManager } from '@jupyterlab/services';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { Client } from './api/client';
import { xcondaIcon } from './icon';
import { XcondaPanel } from './panel/Panel';
import { PanelModel } from './panel/model';

const JOB_EVENT = 'https://schemas.xconda.dev/job/v1';

namespace CommandIDs {
  export const open = 'xconda:open';
  export const refresh = 'xconda:refresh';
  export const updateAll = 'xconda:update-all';
  export const undo = 'xconda:undo';
}

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'xconda-lab:plugin',
  description: 'Conda environments in the side panel.',
  autoStart: true,
  optional: [ITranslator, ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const services = app.serviceManager;
    const model = new PanelModel(new Client(services.serverSettings));
    const panel = new XcondaPanel(model, translator ?? nullTranslator);
    panel.id = 'xconda-panel';
    panel.title.icon = xcondaIcon;
    panel.title.caption = (translator ?? nullTranslator)
      .load('xconda')
      .__('Conda environments');
    app.shell.add(panel, 'left', { rank: 450 });
    restorer?.add(panel, panel.id);
    lookWhenTold(services, model);
    addCommands(app, model, panel, translator ?? nullTranslator, palette);
    void app.restored.then(() => model.refresh());
  }
};

/** Look again at a job whenever the server's event bus names it. */
function lookWhenTold(
  services: ServiceManager.IManager,
  model: PanelModel
): void {
  services.events.stream.connect((_, event) => {
    const told = event as { schema_id: string; job?: unknown };
    if (told.schema_id === JOB_EVENT && typeof told.job === 'string') {
      void model.jobs.look(told.job).catch(() => undefined);
    }
  });
}

function addCommands(
  app: JupyterFrontEnd,
  model: PanelModel,
  panel: XcondaPanel,
  translator: ITranslator,
  palette: ICommandPalette | null
): void {
  const trans = translator.load('xconda');
  const isWritable = () => model.environment?.is_writable ?? false;
  app.commands.addCommand(CommandIDs.open, {
    label: trans.__('Conda Environments'),
    caption: trans.__('Show the panel of conda environments'),
    icon: xcondaIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => app.shell.activateById(panel.id)
  });
  app.commands.addCommand(CommandIDs.refresh, {
    label: trans.__('Look at the Environments Again'),
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => model.refresh()
  });
  app.commands.addCommand(CommandIDs.updateAll, {
    label: trans.__('Update All Packages'),
    isEnabled: isWritable,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: async () => {
      app.shell.activateById(panel.id);
      await model.begin({ verb: 'update', update_all: true });
    }
  });
  app.commands.addCommand(CommandIDs.undo, {
    label: trans.__('Undo the Last Change of the Environment'),
    isEnabled: isWritable,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: async () => {
      app.shell.activateById(panel.id);
      await model.begin({ verb: 'undo' });
    }
  });
  for (const command of Object.values(CommandIDs)) {
    palette?.addItem({ command, category: trans.__('Conda') });
  }
}

export default plugin;
