/** The ways out of a conflict that the engine has checked, as buttons: pure functions. */
import { IConflict, IFailure, IJob, IJobWish, IRelaxation } from '../api/types';
import { Words } from '../panel/words';

export interface IFix {
  words: string;
  /** The specs to ask for instead; null where it takes more than other specs. */
  specs: string[] | null;
  /** Installed packages to remove before. */
  removes: string[];
}

/** The facts of a conflict, null where the failure is another or carries no picture. */
export function conflictOf(failure: IFailure): IConflict | null {
  const facts = failure.facts as Partial<IConflict>;
  const isDrawn = Boolean(facts.drawing?.nodes.length && facts.conflict);
  return failure.code === 'unsatisfiable' && isDrawn
    ? (facts as IConflict)
    : null;
}

/** Return one fix for each way, in the engine's order. */
export function fixes(
  ways: readonly IRelaxation[][],
  asked: readonly string[],
  trans: Words
): IFix[] {
  return ways.map(way => ({
    words: way.map(each => words(each, trans)).join(trans.__(' and ')),
    specs: way.reduce<string[] | null>(applied, [...asked]),
    removes: way.filter(each => each.kind === 'remove').map(each => each.name)
  }));
}

/** The wish that begins a job again with other specs. */
export function again(job: IJob, specs: string[]): IJobWish {
  const { channels, override_channels, update_all } = job.asked;
  return {
    verb: job.verb as IJobWish['verb'],
    prefix: job.prefix,
    specs,
    channels,
    override_channels,
    update_all
  };
}

/** Verbs whose wish is all in what a job says that it was asked. */
const REPEATABLE: readonly string[] = ['create', 'install', 'remove', 'update'];
/** What fails so fails again. */
const HOPELESS: readonly string[] = ['package-not-found', 'unsatisfiable'];

/** The wish that begins a job again as it was; null where that is not known, or no use. */
export function repeated(job: IJob): IJobWish | null {
  const { specs, update_all } = job.asked;
  const isKnown = REPEATABLE.includes(job.verb) && (specs.length || update_all);
  const isHopeless = job.error && HOPELESS.includes(job.error.code);
  return isKnown && !isHopeless ? again(job, specs) : null;
}

function applied(specs: string[] | null, way: IRelaxation): string[] | null {
  if (specs === null) {
    return null;
  }
  const without = specs.filter(spec => spec !== way.spec);
  const isAsked = without.length < specs.length;
  switch (way.kind) {
    case 'version':
      return [...without, `${way.name}=${way.version}`];
    case 'name':
      return [...specs, way.name];
    case 'build': {
      const open = /^([^=\s[]+=[^=\s]+)=[^=\s]+$/.exec(way.spec);
      return isAsked && open ? [...without, open[1]] : null;
    }
    case 'drop':
      return isAsked && without.length ? without : null;
    case 'remove':
      return specs;
    default:
      return null; // the rest are settings, not specs
  }
}

function words(way: IRelaxation, trans: Words): string {
  const { name, spec, version } = way;
  switch (way.kind) {
    case 'version':
      return trans.__('Ask for %1 %2 instead of %3', name, version, spec);
    case 'build':
      return trans.__('Leave the build of %1 open', spec);
    case 'name':
      return trans.__('Let %1 change to %2', name, version);
    case 'pin':
      return trans.__('Change the pin %1', spec);
    case 'frozen':
      return trans.__('Let installed packages change: %1 %2', name, version);
    case 'excluded':
      return trans.__('Allow %1 in the configuration', spec);
    case 'machine':
      return trans.__('Only on a machine with another %1', name);
    case 'remove':
      return trans.__('Remove %1, then try again', name);
    default:
      return trans.__('Do without %1', spec);
  }
}
