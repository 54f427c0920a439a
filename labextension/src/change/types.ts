/** What `%xconda` says of a finished change: xconda_jupyter.kernel.results writes it. */
export const CHANGE_TYPE = 'application/vnd.xconda.change+json';

export interface IChange {
  name: string;
  movement: string;
  old: string;
  new: string;
  channel: string;
  size: number | null;
}

export interface IChangeResult {
  verb: string;
  prefix: string;
  revision: number | null;
  /** There is a state before it in an environment that is still there. */
  can_be_undone: boolean;
  words: string;
  notes: string[];
  changes: IChange[];
  /** Package to the modules that `%xconda reload` exchanges. */
  reload: { [name: string]: string[] };
  /** Package to the modules that only a restart exchanges. */
  restart: { [name: string]: string[] };
}

/** Return a result, its gaps filled: the document may come from another version or a stranger. */
export function readChange(document: unknown): IChangeResult {
  const told = (document ?? {}) as Partial<IChangeResult>;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const list = <T>(value: T[] | undefined) =>
    Array.isArray(value) ? value : [];
  return {
    verb: text(told.verb),
    prefix: text(told.prefix),
    revision: typeof told.revision === 'number' ? told.revision : null,
    can_be_undone: told.can_be_undone !== false,
    words: text(told.words),
    notes: list(told.notes).map(text),
    changes: list(told.changes).map(each => ({
      name: text(each?.name),
      movement: text(each?.movement),
      old: text(each?.old),
      new: text(each?.new),
      channel: text(each?.channel),
      size: typeof each?.size === 'number' ? each.size : null
    })),
    reload: { ...told.reload },
    restart: { ...told.restart }
  };
}
