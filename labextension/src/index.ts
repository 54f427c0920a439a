/** Wires the extension into JupyterLab. */
import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'xconda-lab:plugin',
  description: 'Conda environments in the side panel.',
  autoStart: true,
  activate: (app: JupyterFrontEnd): void => {
    console.debug(`xconda-lab in ${app.name}`);
  }
};

export default plugin;
