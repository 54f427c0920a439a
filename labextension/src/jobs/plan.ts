/** A plan as people look at it: what goes first, why each step is there, and sums. Pure. */
import { IOperation, IPlan } from '../api/types';
import { sizeWords } from '../packages/versions';
import { Words } from '../panel/words';

const ORDER = ['remove', 'downgrade', 'upgrade', 'rebuild', 'reinstall'];
const MOST_NEEDERS = 3;

/** The sign of each movement: colour alone tells nothing to those who do not see it. */
export const SIGNS: { [movement: string]: string } = {
  remove: '−',
  downgrade: '↓',
  upgrade: '↑',
  rebuild: '~',
  reinstall: '=',
  install: '+'
};

/** Operations in the order in which they are shown: what takes something away first. */
export function inOrder(operations: readonly IOperation[]): IOperation[] {
  const rank = (each: IOperation) => {
    const found = ORDER.indexOf(each.movement);
    return found < 0 ? ORDER.length : found;
  };
  return [...operations].sort(
    (a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en')
  );
}

/** Whether a plan takes something away: a package, a newer version of it, an environment. */
export function takesAway(plan: IPlan): boolean {
  return (
    !!plan.removes ||
    plan.onto === 'environment' ||
    plan.operations.some(each =>
      ['remove', 'downgrade'].includes(each.movement)
    )
  );
}

/** Whether a plan takes the whole environment away, which nothing brings back. */
export function endsIt(plan: IPlan): boolean {
  return !!plan.removes && plan.removes === plan.prefix;
}

/** Whether there will be a state before it to go back to. */
export function canBeUndone(plan: IPlan): boolean {
  return !plan.removes && (!plan.creates || plan.onto === 'environment');
}

/** What happens besides packages: what goes for good, what is replaced, set, left to pip. */
export function sideWords(
  plan: IPlan,
  trans: Words
): { words: string; isLoss: boolean }[] {
  const told: [string, boolean][] = [];
  const { removes, onto, foreign = [], variables = [], pip = [] } = plan;
  if (removes && endsIt(plan)) {
    told.push([
      trans.__('%1 goes; undo cannot bring it back.', lastOf(removes)),
      true
    ]);
  } else if (removes) {
    told.push([
      trans.__('%1 becomes %2.', lastOf(removes), lastOf(plan.prefix)),
      false
    ]);
  }
  if (foreign.length) {
    told.push([
      trans.__('With it go files of no package: %1', some(foreign, trans)),
      true
    ]);
  }
  if (onto === 'environment') {
    told.push([
      trans.__('The environment is replaced; undo brings its packages back.'),
      true
    ]);
  } else if (onto === 'folder') {
    told.push([
      trans.__('The folder is no environment; what is in it stays.'),
      false
    ]);
  }
  if (variables.length) {
    told.push([
      trans.__('Sets on activation: %1', variables.join(', ')),
      false
    ]);
  }
  if (pip.length) {
    told.push([trans.__('pip then installs: %1', some(pip, trans)), false]);
  }
  return told.map(([words, isLoss]) => ({ words, isLoss }));
}

/** The last part of a path: what an environment is called. */
function lastOf(path: string): string {
  return path.split('/').pop() || path;
}

function some(names: readonly string[], trans: Words): string {
  const shown = names.slice(0, MOST_NEEDERS).join(', ');
  const more = names.length - MOST_NEEDERS;
  return more > 0 ? trans.__('%1 and %2 more', shown, more) : shown;
}

/** Whether something that a plan brings is not signed, where that was asked for. */
export function isDoubtful(plan: IPlan): boolean {
  const { trust } = plan;
  return (
    !!trust &&
    (trust.problem !== '' ||
      trust.packages.some(each => each.status !== 'signed'))
  );
}

/** One line on how much a plan changes. */
export function planWords(plan: IPlan, trans: Words): string {
  const count = (...movements: string[]) =>
    plan.operations.filter(each => movements.includes(each.movement)).length;
  const parts: [number, string][] = [
    [count('remove'), trans.__('to remove')],
    [count('downgrade'), trans.__('to downgrade')],
    [count('upgrade'), trans.__('to upgrade')],
    [count('rebuild', 'reinstall'), trans.__('to link again')],
    [count('install'), trans.__('to install')]
  ];
  const told = parts.filter(([number]) => number > 0);
  if (!told.length && plan.removes) {
    return trans.__('No packages.');
  }
  if (!told.length) {
    return trans.__('Nothing to change: all of it is there already.');
  }
  return told.map(([number, words]) => `${number} ${words}`).join(' · ');
}

/** One line on what was done: `tool, base-lib installed`. */
export function doneWords(plan: IPlan, trans: Words): string {
  if (plan.removes) {
    return endsIt(plan)
      ? trans.__('%1 is removed', lastOf(plan.removes))
      : trans.__('%1 is now %2', lastOf(plan.removes), lastOf(plan.prefix));
  }
  const done: [string[], string][] = [
    [['remove'], trans.__('removed')],
    [['downgrade'], trans.__('downgraded')],
    [['upgrade'], trans.__('upgraded')],
    [['rebuild', 'reinstall'], trans.__('linked again')],
    [['install'], trans.__('installed')]
  ];
  const parts = done.map(([movements, words]) => {
    const names = plan.operations
      .filter(each => movements.includes(each.movement))
      .map(each => each.name);
    const more = names.length - MOST_NEEDERS;
    const told = names.slice(0, MOST_NEEDERS).join(', ');
    return !names.length
      ? ''
      : more > 0
        ? trans.__('%1 and %2 more %3', told, more, words)
        : `${told} ${words}`;
  });
  return parts.filter(Boolean).join(' · ');
}

/** One line on what a plan costs. */
export function costWords(plan: IPlan, trans: Words): string {
  const download =
    plan.download_bytes > 0
      ? trans.__('%1 to download', sizeWords(plan.download_bytes))
      : plan.download_count > 0
        ? trans.__('downloads of unknown size')
        : trans.__('nothing to download');
  const unpacked = plan.operations.map(each =>
    each.new ? each.new.installed_bytes : 0
  );
  if (unpacked.every(bytes => typeof bytes === 'number')) {
    const bytes = unpacked.reduce<number>((sum, each) => sum + (each ?? 0), 0);
    return bytes > 0
      ? `${download} · ${trans.__('%1 installed', sizeWords(bytes))}`
      : download;
  }
  return plan.disk_bytes > 0
    ? `${download} · ${trans.__('at least %1 on disk', sizeWords(plan.disk_bytes))}`
    : download;
}

/** Return, for a name, why the plan has it: asked for, or who needs it. */
export function reasons(
  plan: IPlan,
  trans: Words
): (each: IOperation) => string {
  const asked = new Set(plan.update_specs.map(nameOf));
  const unwanted = new Set(plan.remove_specs.map(nameOf));
  return each => {
    if (each.kind === 'remove' && endsIt(plan)) {
      return trans.__('goes with the environment');
    }
    if (each.kind === 'remove' && plan.onto === 'environment') {
      return trans.__('the new one does without');
    }
    if (each.kind === 'remove') {
      return unwanted.has(each.name)
        ? trans.__('you asked for it to go')
        : trans.__('cannot stay, or nothing needs it any longer');
    }
    if (each.requested_spec && asked.has(each.name)) {
      return trans.__('you asked for %1', each.requested_spec);
    }
    const names = each.needed_by;
    if (names.length) {
      const shown = names.slice(0, MOST_NEEDERS).join(', ');
      return names.length > MOST_NEEDERS
        ? trans.__(
            'needed by %1 and %2 more',
            shown,
            names.length - MOST_NEEDERS
          )
        : trans.__('needed by %1', shown);
    }
    return each.requested_spec
      ? trans.__('you asked for %1 earlier', each.requested_spec)
      : trans.__('goes with what you asked for');
  };
}

/** The package name that a MatchSpec (CEP 29) begins with, its channel aside. */
export function nameOf(spec: string): string {
  const bare = spec.trim().replace(/^[^\s[]*::/, '');
  return (/^[^\s=<>!~[@;]+/.exec(bare)?.[0] ?? '').toLowerCase();
}

/** How the licence changes, empty where it does not or one of the two is not known. */
export function licenceWords(each: IOperation, trans: Words): string {
  const change = each.license_change;
  return change?.old && change.new
    ? trans.__('licence: %1 → %2', change.old, change.new)
    : '';
}
