/** What the panel shows: the environment chosen, what is in it, and what went wrong. */
import { ISignal, Signal } from '@lumino/signaling';

import { IClient, XcondaFailure } from '../api/client';
import {
  IEnvironment,
  IExportedFile,
  IFailure,
  IJob,
  IJobWish,
  INotebookReport,
  IPackage,
  IRevision
} from '../api/types';
import { JobsModel } from '../jobs/model';
import { takesAway } from '../jobs/plan';
import { IPanelSettings, USUAL } from './settings';

export type Tab = 'packages' | 'notebook' | 'history';
const TABS: readonly Tab[] = ['packages', 'notebook', 'history'];

/** What is kept between two loads of the page. */
export interface IKept {
  tab: Tab;
  prefix: string;
  /** Somebody has picked it: the panel does not follow the notebook. */
  isPicked: boolean;
}

export class PanelModel {
  readonly jobs: JobsModel;
  settings: IPanelSettings = USUAL;
  environments: IEnvironment[] = [];
  prefix = '';
  packages: IPackage[] = [];
  revisions: IRevision[] = [];
  failure: IFailure | null = null;
  tab: Tab = 'packages';
  /** The form for a new environment is open. */
  isNaming = false;
  /** Name to version of what `update --all` would bring; null before it was asked. */
  updates: ReadonlyMap<string, string> | null = null;
  isFindingUpdates = false;
  /** Something is on its way. */
  isLoading = false;
  /** The packages of the chosen environment are on their way. */
  isReading = false;
  /** The last change that ended well, until it is dismissed or another begins. */
  done: IJob | null = null;

  constructor(private readonly client: IClient) {
    this.jobs = new JobsModel(client);
    this.jobs.changed.connect(() => this._applyOwn());
    this.jobs.finished.connect((_, job) => void this._afterwards(job));
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get environment(): IEnvironment | undefined {
    return this.environments.find(each => each.prefix === this.prefix);
  }

  /** Whether the chosen environment may be changed from here. */
  get canChange(): boolean {
    const { environment } = this;
    return !!environment && environment.is_writable && !environment.is_frozen;
  }

  /** The job to show above all else: one that runs in this environment, or failed last. */
  get currentJob(): IJob | undefined {
    const mine = this.jobs.jobs.filter(
      job => job.prefix === this.prefix && !job.dry_run
    );
    return mine.find(job => job.status === 'running') ?? this._last(mine);
  }

  /** Read everything again. */
  async refresh(): Promise<void> {
    await this.reporting(async () => {
      const likely = this.prefix;
      const early = likely
        ? this.client.packages(likely).catch(() => null) // it may be gone
        : null;
      this.environments = await this.client.environments();
      if (!this.environment) {
        this._isPicked = false; // what was picked is gone
        this._turnTo(this._usual());
      }
      const asked = likely === this.prefix ? early : null;
      await Promise.all([this._readChosen(asked), this.jobs.load()]);
    });
  }

  async choose(prefix: string): Promise<void> {
    if (prefix === this.prefix) {
      return;
    }
    this._turnTo(prefix);
    this._changed.emit();
    await this.reporting(() => this._readChosen());
  }

  /** Show an environment because the user says so: it stays until he says otherwise. */
  pick(prefix: string): Promise<void> {
    this._isPicked = true;
    return this.choose(prefix);
  }

  /** Show the environment of the notebook in front, and follow notebooks from now on. */
  followFrom(prefix: string): Promise<void> {
    this._isPicked = false;
    return this.choose(prefix);
  }

  /** Show the environment of the notebook in front, unless the user has picked one. */
  async follow(prefix: string): Promise<void> {
    const isKnown = this.environments.some(each => each.prefix === prefix);
    if (isKnown && !this._isPicked) {
      await this.choose(prefix);
    }
  }

  show(tab: Tab): void {
    this.tab = tab;
    this._changed.emit();
  }

  setNaming(isNaming: boolean): void {
    this.isNaming = isNaming;
    this._changed.emit();
  }

  applySettings(settings: IPanelSettings): void {
    this.settings = settings;
    this._changed.emit();
  }

  get kept(): IKept {
    return { tab: this.tab, prefix: this.prefix, isPicked: this._isPicked };
  }

  /** Take back what was kept; what no longer fits is left out. */
  restore(kept: Partial<IKept> | undefined): void {
    if (kept?.tab && TABS.includes(kept.tab)) {
      this.tab = kept.tab;
    }
    if (typeof kept?.prefix === 'string') {
      this.prefix = kept.prefix;
      this._isPicked = kept.isPicked === true;
    }
  }

  search(query: string): Promise<IPackage[]> {
    return this.client.search(this.prefix, query);
  }

  /** What a saved notebook needs, held against its environment. */
  notebook(path: string): Promise<INotebookReport> {
    return this.client.notebook(path);
  }

  exportFile(format: string): Promise<IExportedFile> {
    return this.client.exportFile(this.prefix, format);
  }

  /**
   * Begin a change of the chosen environment; its plan is shown before it is carried out.
   *
   * @param wish - The change.
   * @param then - What to begin when it has succeeded.
   */
  async begin(wish: IJobWish, then?: IJobWish): Promise<void> {
    this.done = null;
    await this.reporting(async () => {
      const place = wish.name || wish.prefix ? {} : { prefix: this.prefix };
      const job = await this.jobs.begin({ ...place, ...wish });
      this._own.add(job.id);
      if (then) {
        this._next.set(job.id, then);
      }
      this._applyOwn();
      if (job.prefix !== this.prefix) {
        await this.pick(job.prefix);
      }
    });
  }

  /** Ask the engine what `update --all` would bring, by a plan that is not carried out. */
  async findUpdates(): Promise<void> {
    if (this.isFindingUpdates || this.updates) {
      return;
    }
    const prefix = this.prefix;
    this.isFindingUpdates = true;
    await this.reporting(async () => {
      const wish: IJobWish = { verb: 'update', update_all: true, prefix };
      const job = await this.jobs.complete({ ...wish, dry_run: true });
      if (job.error) {
        throw new XcondaFailure(job.error, 422);
      }
      if (prefix === this.prefix) {
        this.updates = new Map(
          (job.plan?.operations ?? [])
            .filter(each => each.movement === 'upgrade')
            .map(each => [each.name, each.new?.version ?? ''])
        );
      }
    });
    this.isFindingUpdates = false;
    this._changed.emit();
  }

  /** Do something; a failure is shown in place of a result, and stays until the next deed. */
  async reporting(act: () => Promise<void>): Promise<void> {
    this.failure = null;
    this.isLoading = true;
    this._changed.emit();
    try {
      await act();
    } catch (error) {
      this.failure =
        error instanceof XcondaFailure ? error.failure : unexpected(error);
    } finally {
      this.isLoading = false;
      this._changed.emit();
    }
  }

  dismissFailure(): void {
    this.failure = null;
    this._changed.emit();
  }

  dismissDone(): void {
    this.done = null;
    this._changed.emit();
  }

  dispose(): void {
    this.jobs.dispose();
    Signal.clearData(this);
  }

  /** Forget what was read of another environment. */
  private _turnTo(prefix: string): void {
    this.prefix = prefix;
    this.packages = [];
    this.revisions = [];
    this.updates = null;
    this.done = null;
  }

  /** The environment to show where none is chosen, or the chosen one is gone. */
  private _usual(): string {
    const active = this.environments.find(each => each.is_active);
    return (active ?? this.environments[0])?.prefix ?? '';
  }

  /** Carry out plans that were begun here and that the settings want no question for. */
  private _applyOwn(): void {
    if (this.settings.confirm === 'always') {
      return;
    }
    for (const job of this.jobs.running) {
      if (job.awaits_confirmation && job.plan && this._own.delete(job.id)) {
        if (!takesAway(job.plan)) {
          void this.reporting(() => this.jobs.confirm(job.id));
        }
      }
    }
  }

  private async _afterwards(job: IJob): Promise<void> {
    const next = this._next.get(job.id);
    this._next.delete(job.id);
    if (job.status !== 'succeeded' || job.dry_run) {
      return;
    }
    if (job.prefix === this.prefix) {
      this.updates = null;
      this.done = job.plan?.operations.length || job.plan?.removes ? job : null;
    }
    await this.reporting(async () => {
      this.environments = await this.client.environments();
      await this._readChosen();
    });
    if (job.plan?.removes === this.prefix) {
      await this.choose(this._usual());
      this.done = job; // said where its place was
      this._changed.emit();
    }
    if (next) {
      await this.begin(next);
    }
  }

  /**
   * Read the chosen environment: its packages, which are seen first, then its history.
   *
   * @param asked - The packages, where they are on their way already.
   */
  private async _readChosen(
    asked: Promise<IPackage[] | null> | null = null
  ): Promise<void> {
    const prefix = this.prefix;
    if (!this.environment) {
      return;
    }
    const turn = ++this._turn;
    // an older answer may come after a newer one
    const isLatest = () => turn === this._turn && prefix === this.prefix;
    this.isReading = true;
    try {
      const packages = (await asked) ?? (await this.client.packages(prefix));
      if (isLatest()) {
        this.packages = packages;
        this.isReading = false;
        this._changed.emit();
      }
      const revisions = await this.client.history(prefix);
      if (isLatest()) {
        this.revisions = revisions;
      }
    } finally {
      if (turn === this._turn) {
        this.isReading = false;
      }
    }
  }

  private _last(jobs: IJob[]): IJob | undefined {
    const last = jobs[0];
    return last && last.status !== 'succeeded' && !this._old(last)
      ? last
      : undefined;
  }

  /** What ended before this page was loaded is not news. */
  private _old(job: IJob): boolean {
    return (job.updated ?? 0) * 1000 < this._born;
  }

  private _turn = 0;
  private _isPicked = false;
  private readonly _born = Date.now();
  private readonly _own = new Set<string>();
  private readonly _next = new Map<string, IJobWish>();
  private readonly _changed = new Signal<this, void>(this);
}

function unexpected(error: unknown): IFailure {
  return {
    code: 'no-answer',
    what: 'The server gave no answer.',
    why: error instanceof Error ? error.message : String(error),
    fix: 'check that Jupyter still runs, then try again.',
    facts: {}
  };
}
