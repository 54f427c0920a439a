/** The documents of the server extension (docs/server.md), as TypeScript sees them. */

export interface IFailure {
  code: string;
  what: string;
  why: string;
  fix: string;
  facts: { [name: string]: unknown };
}

export interface IEnvironment {
  name: string;
  prefix: string;
  is_base: boolean;
  is_active: boolean;
  is_writable: boolean;
  is_frozen: boolean;
  kernel: { name: string; language: string } | null;
}

export interface IPackage {
  name: string;
  version: string;
  build: string;
  build_number: number;
  channel: string;
  subdir: string;
  url: string;
  size: number | null;
  license: string | null;
  depends: string[];
  timestamp: number | null;
}

export interface IPlannedRecord {
  /** What it takes in the environment; null or missing where nobody can know yet. */
  installed_bytes?: number | null;
  name: string;
  version: string;
  build: string;
  channel: string;
  size?: number | null;
  license?: string | null;
  depends?: string[];
}

export type Movement = 'install' | 'remove' | 'upgrade' | 'downgrade' | string;

export interface IOperation {
  kind: 'install' | 'change' | 'reinstall' | 'remove';
  movement: Movement;
  name: string;
  old: IPlannedRecord | null;
  new: IPlannedRecord | null;
  requested_spec: string;
  /** What will need it. */
  needed_by: string[];
  /** Null where the terms stay. */
  license_change: { old: string | null; new: string | null } | null;
}

/** What is known of the signatures of all that a plan brings (docs/trust.md). */
export interface ITrust {
  /** Why nothing could be checked, or what else is not well; empty: all is well. */
  problem: string;
  packages: { name: string; status: string; why: string }[];
  /** All of this in lines for people. */
  words: string[];
}

export interface IPlan {
  prefix: string;
  operations: IOperation[];
  unchanged: string[];
  creates: boolean;
  /** What stands at the place already; empty: nothing that would go. */
  onto?: '' | 'environment' | 'folder';
  /** The environment that goes as a whole; null or missing: none. */
  removes?: string | null;
  /** Files that no package owns and that go with it. */
  foreign?: string[];
  /** Names of the variables that activation will set. */
  variables?: string[];
  /** What pip installs afterwards. */
  pip?: string[];
  update_specs: string[];
  remove_specs: string[];
  fetch: string[];
  download_bytes: number;
  download_count: number;
  disk_bytes: number;
  /** Null or missing where the configuration does not ask for signatures. */
  trust?: ITrust | null;
}

export type JobStatus =
  'running' | 'succeeded' | 'failed' | 'cancelled' | 'interrupted';

export interface IJobSummary {
  id: string;
  status: JobStatus;
  verb: string;
  prefix: string;
  specs: string[];
  command: string;
  dry_run: boolean;
  owner: { kind: string; pid: number; host: string };
  started: number | null;
  updated: number | null;
  seconds: number;
  phase: string | null;
  fraction: number;
  words: string;
  awaits_confirmation: boolean;
  is_cancelling: boolean;
}

/** Who changes the environment that a job waits for. */
export interface IAwaited {
  pid: number;
  host: string;
  command: string;
}

/** What a job was asked, as its wish said it. */
export interface IAsked {
  specs: string[];
  update_all: boolean;
  revision: number | null;
  channels: string[];
  override_channels: boolean;
}

export interface IJob extends IJobSummary {
  asked: IAsked;
  awaits?: IAwaited | null;
  amount: { done: number; total: number };
  downloaded: { done: number; total: number };
  package: string;
  notices: { level: string; text: string }[];
  plan: IPlan | null;
  error: IFailure | null;
  transaction: { linked: string[]; unlinked: string[] } | null;
}

export interface IChangedPair {
  old: string;
  new: string;
}

export interface IRevision {
  rev: number;
  date: string;
  command: string;
  install: string[];
  remove: string[];
  upgrade: IChangedPair[];
  downgrade: IChangedPair[];
  update_specs: string[];
  remove_specs: string[];
  reverts_to: number | null;
}

/** An environment file, and the name that tells its format. */
export interface IFileText {
  text: string;
  name: string;
}

export interface IJobWish {
  verb:
    | 'create'
    | 'install'
    | 'update'
    | 'remove'
    | 'undo'
    | 'redo'
    | 'clone'
    | 'rename'
    | 'remove environment'
    | 'env update';
  /** For a clone or a rename: name or path of the environment that is. */
  source?: string;
  file?: IFileText | null;
  /** What stands at the place of a creation may go. */
  replace?: boolean;
  prefix?: string;
  name?: string;
  specs?: string[];
  update_all?: boolean;
  revision?: number | null;
  channels?: string[];
  override_channels?: boolean;
  dry_run?: boolean;
  confirm?: 'ask' | 'yes';
}

/** One thing that is so, and that a contradiction needs (the engine's ``Claim``). */
export interface IClaim {
  kind: string;
  name: string;
  versions: string;
  target: string;
  specs: string[];
  allowed: string;
  existing: string;
  hidden: string;
}

export interface IDrawnNode {
  id: string;
  kind: 'asked' | 'package' | 'machine' | 'missing';
  words: string;
}

export interface IDrawnEdge {
  source: string;
  target: string;
  kind: string;
  words: string;
}

/** One change of what is asked that would do instead; the engine has checked it by a solve. */
export interface IRelaxation {
  kind:
    | 'version'
    | 'build'
    | 'name'
    | 'pin'
    | 'frozen'
    | 'excluded'
    | 'machine'
    | 'drop'
    | 'remove';
  name: string;
  spec: string;
  version: string;
}

/** The facts of a failure whose code is ``unsatisfiable``. */
export interface IConflict {
  conflict: { claims: IClaim[] };
  drawing: { nodes: IDrawnNode[]; edges: IDrawnEdge[] };
  relaxations: IRelaxation[][];
}

/** An environment as the text of a file. */
export interface IExportedFile {
  format: string;
  text: string;
}

/** A package that brings a missing module; `check` is what a solve says of installing it. */
export interface IModuleOffer {
  package: string;
  check: 'fits' | 'refused' | 'unknown';
  words: string;
  version: string;
}

/** A saved notebook held against its environment: the parts that the card shows. */
export interface INotebookReport {
  needs: {
    missing: {
      modules: { module: string; offers: IModuleOffer[] }[];
      packages: string[];
    };
    unmet: { requirement: string; installed: string | null }[];
  } | null;
  drift: { words: string[] };
}
