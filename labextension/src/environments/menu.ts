/** The menu of what can be done with the chosen environment, for the button beside its name. */
import { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';

import { CommandIDs } from '../commands';
import { EnvironmentCommandIDs } from './commands';

/** What is in it, as groups. */
export const GROUPS: readonly (readonly string[])[] = [
  [CommandIDs.install, CommandIDs.updateAll, CommandIDs.undo, CommandIDs.redo],
  [
    EnvironmentCommandIDs.updateFromFile,
    EnvironmentCommandIDs.replaceByFile,
    CommandIDs.exportFile
  ],
  [
    EnvironmentCommandIDs.newFromFile,
    EnvironmentCommandIDs.copy,
    EnvironmentCommandIDs.rename,
    EnvironmentCommandIDs.remove
  ]
];

/** What the panel's buttons do besides asking the server. */
export interface IDeeds {
  /** Open the menu of what can be done with the environment, below a button. */
  openMenu: (below: HTMLElement) => void;
  /** Ask for a name, and begin a copy of the environment. */
  copy: () => void;
}

export function environmentDeeds(commands: CommandRegistry): IDeeds {
  const menu = new Menu({ commands });
  GROUPS.forEach((group, at) => {
    if (at > 0) {
      menu.addItem({ type: 'separator' });
    }
    group.forEach(command => menu.addItem({ command }));
  });
  let opener: HTMLElement | null = null;
  menu.aboutToClose.connect(() => opener?.focus());
  return {
    openMenu: below => {
      opener = below;
      const { left, bottom } = below.getBoundingClientRect();
      menu.open(left, bottom);
    },
    copy: () => void commands.execute(EnvironmentCommandIDs.copy)
  };
}
