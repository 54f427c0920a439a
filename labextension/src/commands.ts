/** What can be done by command: from menus, the palette, shortcuts and other extensions. */
import { JupyterFrontEnd } from '@jupyterlab/application';
import { ICommandPalette, InputDialog } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';

import {
  addEnvironmentCommands,
  EnvironmentCommandIDs
} from './environments/commands';
import { xcondaIcon } from './icon';
import { PanelModel } from './panel/model';
import { Words } from './panel/words';

export namespace CommandIDs {
  export const open = 'xconda:open';
  export const refresh = 'xconda:refresh';
  export const install = 'xconda:install';
  export const updateAll = 'xconda:update-all';
  export const undo = 'xconda:undo';
  export const redo = 'xconda:redo';
  export const newEnvironment = 'xconda:new-environment';
  export const exportFile = 'xconda:export';
}

/** Format to the name under which its file is saved. */
const FORMATS: { [format: string]: string } = {
  'environment-yaml': 'environment.yml',
  explicit: 'explicit.txt',
  'conda-lock': 'conda-lock.yml',
  requirements: 'requirements.txt',
  'environment-json': 'environment.json'
};

interface IParts {
  app: JupyterFrontEnd;
  documents: IDocumentManager | null;
  model: PanelModel;
  panelId: string;
  trans: Words;
}

const NO_ARGUMENTS = { args: { type: 'object', properties: {} } } as const;
const SPECS = {
  args: {
    type: 'object',
    properties: {
      specs: {
        type: 'array',
        items: { type: 'string' },
        description: 'What to install; without it, a dialog asks'
      }
    }
  }
} as const;

export function addCommands(
  parts: IParts,
  palette: ICommandPalette | null
): void {
  const { app, model, panelId, trans } = parts;
  const open = () => app.shell.activateById(panelId);
  const canChange = () => model.canChange;
  app.commands.addCommand(CommandIDs.open, {
    label: trans.__('Conda Environments'),
    caption: trans.__('Show the panel of conda environments'),
    icon: xcondaIcon,
    describedBy: NO_ARGUMENTS,
    execute: open
  });
  app.commands.addCommand(CommandIDs.refresh, {
    label: trans.__('Look at the Environments Again'),
    describedBy: NO_ARGUMENTS,
    execute: () => model.refresh()
  });
  app.commands.addCommand(CommandIDs.newEnvironment, {
    label: trans.__('New Environment…'),
    describedBy: NO_ARGUMENTS,
    execute: () => {
      open();
      model.setNaming(true);
    }
  });
  app.commands.addCommand(CommandIDs.exportFile, {
    label: trans.__('Export the Environment…'),
    isEnabled: () => model.environment !== undefined,
    describedBy: NO_ARGUMENTS,
    execute: () => model.reporting(() => exportFile(model, trans))
  });
  addChanges(parts, open, canChange);
  const { commands } = app;
  const { documents } = parts;
  addEnvironmentCommands({ commands, documents, model, open, trans });
  const all = { ...CommandIDs, ...EnvironmentCommandIDs };
  for (const command of Object.values(all)) {
    palette?.addItem({ command, category: trans.__('Conda') });
  }
}

function addChanges(
  parts: IParts,
  open: () => void,
  isEnabled: () => boolean
): void {
  const { app, model, trans } = parts;
  app.commands.addCommand(CommandIDs.install, {
    label: trans.__('Install Packages…'),
    isEnabled,
    describedBy: SPECS,
    execute: async args => {
      const given = args.specs as string[] | undefined;
      const specs = given ?? (await askSpecs(model, trans));
      if (specs.length) {
        open();
        await model.begin({ verb: 'install', specs });
      }
    }
  });
  const changes = [
    [CommandIDs.updateAll, trans.__('Update All Packages'), 'update'],
    [CommandIDs.undo, trans.__('Undo the Last Change'), 'undo'],
    [CommandIDs.redo, trans.__('Redo What Was Undone'), 'redo']
  ] as const;
  for (const [id, label, verb] of changes) {
    app.commands.addCommand(id, {
      label,
      isEnabled,
      describedBy: NO_ARGUMENTS,
      execute: async () => {
        open();
        await model.begin({ verb, update_all: verb === 'update' });
      }
    });
  }
}

async function askSpecs(model: PanelModel, trans: Words): Promise<string[]> {
  const name = model.environment?.name || model.prefix;
  const answer = await InputDialog.getText({
    title: trans.__('Install packages into %1', name),
    label: trans.__('Names, with versions where they matter: numpy pandas>=3'),
    okLabel: trans.__('Show the plan')
  });
  return (answer.value ?? '').split(/\s+/).filter(Boolean);
}

/** Ask for a format, and hand the file to the browser to be saved. */
async function exportFile(model: PanelModel, trans: Words): Promise<void> {
  const answer = await InputDialog.getItem({
    title: trans.__('Export the environment'),
    label: trans.__('Format'),
    items: Object.keys(FORMATS),
    okLabel: trans.__('Export')
  });
  if (!answer.button.accept || !answer.value) {
    return;
  }
  const file = await model.exportFile(answer.value);
  const url = URL.createObjectURL(
    new Blob([file.text], { type: 'text/plain;charset=utf-8' })
  );
  const link = document.createElement('a');
  link.href = url;
  link.download = FORMATS[answer.value];
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(url), 1000);
}
