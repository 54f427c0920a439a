/** Wires the extension into JupyterLab. */
import {
  ILayoutRestorer,
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ServiceManager } from '@jupyterlab/services';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { Client } from './api/client';
import { changeRenderer } from './change/renderer';
import { IChangeResult } from './change/types';
import { addCommands } from './commands';
import { environmentDeeds } from './environments/menu';
import { xcondaIcon } from './icon';
import { NotebookModel } from './notebook/model';
import { askWhereItDiffers } from './notebook/reference';
import { IKept, PanelModel } from './panel/model';
import { XcondaPanel } from './panel/Panel';
import { readSettings } from './panel/settings';
import { Words } from './panel/words';
import { StatusItem } from './status/StatusItem';

const PLUGIN = 'xconda-lab:plugin';
const PANEL = 'xconda-panel';
const JOB_EVENT = 'https://schemas.xconda.dev/job/v1';
const RANK = 450;

/** What the parts of the extension share. */
interface IParts {
  app: JupyterFrontEnd;
  model: PanelModel;
  notebook: NotebookModel | null;
  panel: XcondaPanel;
  trans: Words;
}

const plugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN,
  description: 'Conda environments in the side panel.',
  autoStart: true,
  optional: [
    ITranslator,
    ICommandPalette,
    ILayoutRestorer,
    ISettingRegistry,
    IStateDB,
    IStatusBar,
    INotebookTracker,
    IRenderMimeRegistry,
    IDocumentManager
  ],
  activate: (
    app: JupyterFrontEnd,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    registry: ISettingRegistry | null,
    state: IStateDB | null,
    statusBar: IStatusBar | null,
    tracker: INotebookTracker | null,
    rendermime: IRenderMimeRegistry | null,
    documents: IDocumentManager | null
  ): void => {
    const services = app.serviceManager;
    const words = translator ?? nullTranslator;
    const trans = words.load('xconda');
    const model = new PanelModel(new Client(services.serverSettings));
    const notebook =
      tracker && new NotebookModel(tracker, services.kernelspecs, model);
    const deeds = environmentDeeds(app.commands);
    const panel = new XcondaPanel(model, notebook, deeds, words);
    panel.id = PANEL;
    panel.title.icon = xcondaIcon;
    panel.title.caption = trans.__('Conda environments');
    const parts = { app, model, notebook, panel, trans };
    app.shell.add(panel, model.settings.side, { rank: RANK });
    restorer?.add(panel, panel.id);
    lookWhenTold(services, model);
    addCommands({ app, documents, model, panelId: PANEL, trans }, palette);
    if (notebook) {
      askWhereItDiffers(notebook, model, () => showCard(parts), trans);
    }
    addStatus(parts, statusBar);
    const undo = (result: IChangeResult) => void takeBack(parts, result);
    rendermime?.addFactory(changeRenderer({ tracker, trans, undo }));
    followFocus(model);
    if (notebook) {
      followNotebook(model, notebook);
    }
    void begin(parts, registry, state);
  }
};

/** Read what was set and kept, then the environments. */
async function begin(
  parts: IParts,
  registry: ISettingRegistry | null,
  state: IStateDB | null
): Promise<void> {
  const { app, model } = parts;
  await Promise.all([
    followSettings(parts, registry),
    state?.fetch(PLUGIN).then(kept => model.restore(kept as Partial<IKept>))
  ]).catch(reason => console.warn('xconda: settings not read', reason));
  await app.restored;
  await model.refresh();
  let kept = JSON.stringify(model.kept);
  model.changed.connect(() => {
    const now = JSON.stringify(model.kept);
    if (now !== kept) {
      kept = now;
      void state?.save(PLUGIN, { ...model.kept });
    }
  });
}

async function followSettings(
  parts: IParts,
  registry: ISettingRegistry | null
): Promise<void> {
  const { app, model, panel } = parts;
  const settings = await registry?.load(PLUGIN);
  const apply = () => {
    const before = model.settings.side;
    model.applySettings(readSettings(settings?.composite));
    if (model.settings.side !== before) {
      app.shell.add(panel, model.settings.side, { rank: RANK });
    }
  };
  settings?.changed.connect(apply);
  apply();
}

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

/** Somebody comes back to the window: what was done elsewhere meanwhile is to be seen. */
function followFocus(model: PanelModel): void {
  window.addEventListener('focus', () => {
    if (model.settings.refreshOnFocus && !model.isLoading && !model.failure) {
      void model.refresh();
    }
  });
}

/** Another notebook comes to the front, or another kernel to it: the panel is about it. */
function followNotebook(model: PanelModel, notebook: NotebookModel): void {
  let followed = '';
  const look = () => {
    const prefix = notebook.environment?.prefix ?? '';
    if (prefix && prefix !== followed) {
      followed = prefix;
      void model.follow(prefix);
    }
  };
  notebook.changed.connect(look);
  model.changed.connect(look); // the environments may be known later than the notebook
}

/** Show the card of the notebook in front, and its environment. */
function showCard({ app, model, notebook }: IParts): void {
  app.shell.activateById(PANEL);
  if (notebook?.environment) {
    void model.followFrom(notebook.prefix);
  }
  model.show('notebook');
}

function addStatus(parts: IParts, statusBar: IStatusBar | null): void {
  const { model, notebook, trans } = parts;
  if (!statusBar || !notebook) {
    return;
  }
  const open = () => showCard(parts);
  statusBar.registerStatusItem('xconda-lab:environment', {
    item: new StatusItem(model, notebook, trans, open),
    align: 'left',
    rank: 30,
    isActive: () => notebook.notebook !== null,
    activeStateChanged: notebook.changed
  });
}

/** Begin to take back a change that a cell has made: its plan waits in the panel. */
async function takeBack(parts: IParts, result: IChangeResult): Promise<void> {
  const { app, model } = parts;
  const { prefix, revision, verb } = result;
  app.shell.activateById(PANEL);
  await model.begin(
    verb === 'undo' || !revision
      ? { verb: verb === 'undo' ? 'redo' : 'undo', prefix }
      : { verb: 'undo', prefix, revision: revision - 1 }
  );
}

export default plugin;
