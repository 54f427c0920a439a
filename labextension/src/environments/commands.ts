/** What can be done with a whole environment: by file, copied, renamed, removed. */
import { InputDialog } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { FileDialog } from '@jupyterlab/filebrowser';
import { CommandRegistry } from '@lumino/commands';

import { IFileText } from '../api/types';
import { PanelModel } from '../panel/model';
import { Words } from '../panel/words';

export namespace EnvironmentCommandIDs {
  export const newFromFile = 'xconda:new-from-file';
  export const updateFromFile = 'xconda:update-from-file';
  export const replaceByFile = 'xconda:replace-by-file';
  export const copy = 'xconda:copy-environment';
  export const rename = 'xconda:rename-environment';
  export const remove = 'xconda:remove-environment';
}

/** The names by which environment files go. */
const FILES = /\.(ya?ml|txt|json|lock|toml)$/i;

interface IParts {
  commands: CommandRegistry;
  documents: IDocumentManager | null;
  model: PanelModel;
  /** Brings the panel to the front, where the plan will be. */
  open: () => void;
  trans: Words;
}

const NO_ARGUMENTS = { args: { type: 'object', properties: {} } } as const;

export function addEnvironmentCommands(parts: IParts): void {
  addFileCommands(parts);
  const { commands, model, open, trans } = parts;
  commands.addCommand(EnvironmentCommandIDs.copy, {
    label: trans.__('Copy the Environment…'),
    isEnabled: () => model.environment !== undefined,
    describedBy: NO_ARGUMENTS,
    execute: async () => {
      const source = model.prefix;
      const name = await askName(
        trans.__('Copy %1', nameOf(model)),
        `${nameOf(model)}-copy`,
        trans
      );
      if (name) {
        open();
        await model.begin({ verb: 'clone', source, name });
      }
    }
  });
  commands.addCommand(EnvironmentCommandIDs.rename, {
    label: trans.__('Rename the Environment…'),
    isEnabled: () => model.canChange,
    describedBy: NO_ARGUMENTS,
    execute: async () => {
      const source = model.prefix;
      const name = await askName(
        trans.__('Rename %1', nameOf(model)),
        nameOf(model),
        trans
      );
      if (name && name !== nameOf(model)) {
        open();
        await model.begin({ verb: 'rename', source, name });
      }
    }
  });
  commands.addCommand(EnvironmentCommandIDs.remove, {
    label: trans.__('Remove the Environment…'),
    isEnabled: () => model.canChange,
    describedBy: NO_ARGUMENTS,
    execute: async () => {
      open();
      await model.begin({ verb: 'remove environment', prefix: model.prefix });
    }
  });
}

function addFileCommands(parts: IParts): void {
  const { commands, documents, model, open, trans } = parts;
  const canChange = () => documents !== null && model.canChange;
  commands.addCommand(EnvironmentCommandIDs.newFromFile, {
    label: trans.__('New Environment from a File…'),
    isEnabled: () => documents !== null,
    describedBy: NO_ARGUMENTS,
    execute: async () => {
      const file = await askFile(parts);
      const name =
        file &&
        (await askName(
          trans.__('New environment from %1', file.name),
          proposedName(file),
          trans
        ));
      if (file && name) {
        open();
        await model.begin({ verb: 'create', name, file });
      }
    }
  });
  commands.addCommand(EnvironmentCommandIDs.updateFromFile, {
    label: trans.__('Update from a File…'),
    caption: trans.__('What the file asks for is installed; the rest stays'),
    isEnabled: canChange,
    describedBy: NO_ARGUMENTS,
    execute: async () => {
      const prefix = model.prefix;
      const file = await askFile(parts);
      if (file) {
        open();
        await model.begin({ verb: 'env update', prefix, file });
      }
    }
  });
  commands.addCommand(EnvironmentCommandIDs.replaceByFile, {
    label: trans.__('Make Anew from a File…'),
    caption: trans.__('The environment has then what the file asks for only'),
    isEnabled: canChange,
    describedBy: NO_ARGUMENTS,
    execute: async () => {
      const prefix = model.prefix;
      const file = await askFile(parts);
      if (file) {
        open();
        await model.begin({ verb: 'create', prefix, file, replace: true });
      }
    }
  });
}

/** The name that an environment file proposes, else what its own name suggests. */
export function proposedName(file: IFileText): string {
  const named = /^\s*"?name"?\s*:\s*["']?([^\s"',#]+)/m.exec(file.text);
  return named?.[1] ?? file.name.replace(/\..*$/, '');
}

function nameOf(model: PanelModel): string {
  return model.environment?.name || model.prefix.split('/').pop() || '';
}

async function askName(
  title: string,
  text: string,
  trans: Words
): Promise<string> {
  const answer = await InputDialog.getText({
    title,
    label: trans.__('Name'),
    text,
    okLabel: trans.__('Show the plan')
  });
  return answer.button.accept ? (answer.value ?? '').trim() : '';
}

/** Let the user choose a file of the server, and return it; null where none was chosen. */
async function askFile(parts: IParts): Promise<IFileText | null> {
  const { documents, model, trans } = parts;
  if (!documents) {
    return null;
  }
  const answer = await FileDialog.getOpenFiles({
    manager: documents,
    title: trans.__('An environment file'),
    filter: each => (FILES.test(each.path) ? {} : null)
  });
  const [chosen] = answer.button.accept ? (answer.value ?? []) : [];
  if (!chosen || chosen.type === 'directory') {
    return null;
  }
  let file: IFileText | null = null;
  await model.reporting(async () => {
    const read = await documents.services.contents.get(chosen.path, {
      content: true,
      type: 'file',
      format: 'text'
    });
    file = { text: String(read.content), name: chosen.name };
  });
  return file;
}
