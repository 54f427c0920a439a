import { JupyterFrontEnd } from '@jupyterlab/application';
import { ICommandPalette, InputDialog } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { FileDialog } from '@jupyterlab/filebrowser';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';

import { IEnvironment } from '../api/types';
import { addCommands, CommandIDs } from '../commands';
import { EnvironmentCommandIDs, proposedName } from '../environments/commands';
import { GROUPS } from '../environments/menu';
import { PanelModel } from '../panel/model';
import { anEnvironment, FakeClient } from '../panel/testing';
import { Words } from '../panel/words';

const schema = jest.requireActual('../../schema/plugin.json');
const ALL = { ...CommandIDs, ...EnvironmentCommandIDs };
const FILE = 'name: fruit\ndependencies: [apple]\n';

/** A translator that leaves a mark on whatever goes through it. */
function marked(): Words {
  const trans = nullTranslator.load('xconda');
  const mark = (text: string) => `«${text}»`;
  return Object.assign(Object.create(trans) as Words, {
    __: (text: string, ...args: unknown[]) =>
      mark(trans.__(text, ...(args as string[])))
  });
}

async function commandsOf(
  environment: Partial<IEnvironment> = {},
  trans: Words = nullTranslator.load('xconda')
) {
  const client = new FakeClient();
  client.here = [{ ...anEnvironment('work'), ...environment }];
  const model = new PanelModel(client);
  await model.refresh();
  const commands = new CommandRegistry();
  const offered: { command: string; category: string }[] = [];
  const opened: string[] = [];
  const shell = { activateById: (id: string) => opened.push(id) };
  const contents = { get: async () => ({ content: FILE }) };
  addCommands(
    {
      app: { commands, shell } as unknown as JupyterFrontEnd,
      documents: { services: { contents } } as unknown as IDocumentManager,
      model,
      panelId: 'panel',
      trans
    },
    {
      addItem: (item: { command: string; category: string }) =>
        offered.push(item)
    } as unknown as ICommandPalette
  );
  return { client, commands, model, offered, opened };
}

function answers(value: string | null): void {
  jest.spyOn(InputDialog, 'getText').mockResolvedValue({
    button: { accept: value !== null },
    value
  } as Awaited<ReturnType<typeof InputDialog.getText>>);
}

function chooses(path: string): void {
  const chosen = { path, name: path.split('/').pop(), type: 'file' };
  jest.spyOn(FileDialog, 'getOpenFiles').mockResolvedValue({
    button: { accept: true },
    value: [chosen]
  } as Awaited<ReturnType<typeof FileDialog.getOpenFiles>>);
}

/** The commands in the main menu, its submenus included. */
function inMenu(items: readonly unknown[]): string[] {
  return items.flatMap(item => {
    const each = item as {
      command?: string;
      items?: unknown[];
      submenu?: { items: unknown[] };
    };
    const below = [...(each.items ?? []), ...(each.submenu?.items ?? [])];
    return [...(each.command ? [each.command] : []), ...inMenu(below)];
  });
}

describe('commands', () => {
  afterEach(() => jest.restoreAllMocks());

  it('are all in the palette, in one category', async () => {
    const { commands, offered } = await commandsOf();
    expect(offered.map(each => each.command).sort()).toEqual(
      commands.listCommands().sort()
    );
    expect(new Set(offered.map(each => each.category))).toEqual(
      new Set(['Conda'])
    );
  });

  it('are all in the menu Kernel, and those of the button are commands', async () => {
    const { commands } = await commandsOf();
    const menu = inMenu(schema['jupyter.lab.menus'].main);
    expect(menu.sort()).toEqual(Object.values<string>(ALL).sort());
    expect(commands.listCommands()).toEqual(
      expect.arrayContaining(GROUPS.flat())
    );
  });

  it('have labels, captions and a category that were translated', async () => {
    const { commands, offered } = await commandsOf({}, marked());
    for (const command of commands.listCommands()) {
      expect(commands.label(command)).toMatch(/^«.+»$/);
      expect(commands.caption(command)).toMatch(/^(«.+»)?$/);
    }
    expect(offered[0].category).toBe('«Conda»');
  });

  it.each([{ is_writable: false }, { is_frozen: true }])(
    'change nothing where %j',
    async environment => {
      const { commands } = await commandsOf(environment);
      const enabled = Object.values(ALL).filter(id => commands.isEnabled(id));
      expect(enabled.sort()).toEqual(
        [
          ALL.open,
          ALL.refresh,
          ALL.newEnvironment,
          ALL.newFromFile,
          ALL.copy,
          ALL.exportFile
        ].sort()
      );
    }
  );

  it.each<[string, string, object]>([
    [ALL.copy, 'twin', { verb: 'clone', source: '/envs/work', name: 'twin' }],
    [
      ALL.rename,
      'other',
      { verb: 'rename', source: '/envs/work', name: 'other' }
    ],
    [ALL.remove, '', { verb: 'remove environment', prefix: '/envs/work' }],
    [
      ALL.newFromFile,
      'fruit',
      {
        verb: 'create',
        name: 'fruit',
        file: { text: FILE, name: 'environment.yml' }
      }
    ],
    [
      ALL.updateFromFile,
      '',
      {
        verb: 'env update',
        prefix: '/envs/work',
        file: { text: FILE, name: 'environment.yml' }
      }
    ],
    [
      ALL.replaceByFile,
      '',
      {
        verb: 'create',
        prefix: '/envs/work',
        replace: true,
        file: { text: FILE, name: 'environment.yml' }
      }
    ],
    [ALL.install, 'numpy pandas>=3', { specs: ['numpy', 'pandas>=3'] }],
    [ALL.updateAll, '', { verb: 'update', update_all: true }],
    [ALL.undo, '', { verb: 'undo' }]
  ])('%s asks the server for what it says', async (id, answer, wish) => {
    answers(answer);
    chooses('things/environment.yml');
    const { client, commands, opened } = await commandsOf();
    await commands.execute(id);
    expect(client.begun).toEqual([expect.objectContaining(wish)]);
    expect(opened).toEqual(['panel']);
  });

  it.each([ALL.copy, ALL.rename, ALL.install, ALL.newFromFile])(
    '%s asks for nothing where its dialog is closed',
    async id => {
      answers(null);
      chooses('environment.yml');
      const { client, commands } = await commandsOf();
      await commands.execute(id);
      expect(client.begun).toEqual([]);
    }
  );
});

describe('proposedName', () => {
  it.each([
    [FILE, 'environment.yml', 'fruit'],
    ['channels: []\nname:   "my-env" # mine\n', 'environment.yml', 'my-env'],
    ['{\n  "name": "json-env"\n}', 'environment.json', 'json-env'],
    ['numpy\npandas\n', 'wishes.txt', 'wishes']
  ])('reads %j', (text, name, proposed) => {
    expect(proposedName({ text, name })).toBe(proposed);
  });
});
