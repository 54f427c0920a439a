/** What the panel shows: the environment chosen, what is in it, and what went wrong. */
import { ISignal, Signal } from '@lumino/signaling';

import { IClient, XcondaFailure } from '../api/client';
import {
  IEnvironment,
  IFailure,
  IJob,
  IJobWish,
  IPackage,
  IRevision
} from '../api/types';
import { JobsModel } from '../jobs/model';

export class PanelModel {
  readonly jobs: JobsModel;
  environments: IEnvironment[] = [];
  prefix = '';
  packages: IPackage[] = [];
  revisions: IRevision[] = [];
  failure: IFailure | null = null;
  isLoading = false;

  constructor(private readonly client: IClient) {
    this.jobs = new JobsModel(client);
    this.jobs.finished.connect((_, job) => void this.afterwards(job));
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get environment(): IEnvironment | undefined {
    return this.environments.find(each => each.prefix === this.prefix);
  }

  /** The job to show above all else: one that runs in this environment, or failed last. */
  get currentJob(): IJob | undefined {
    const mine = this.jobs.jobs.filter(job => job.prefix === this.prefix);
    return mine.find(job => job.status === 'running') ?? this._last(mine);
  }

  /** Read everything again. */
  async refresh(): Promise<void> {
    await this.reporting(async () => {
      this.environments = await this.client.environments();
      if (!this.environment) {
        const active = this.environments.find(each => each.is_active);
        this.prefix = (active ?? this.environments[0])?.prefix ?? '';
      }
      await Promise.all([this._readChosen(), this.jobs.load()]);
    });
  }

  async choose(prefix: string): Promise<void> {
    if (prefix === this.prefix) {
      return;
    }
    this.prefix = prefix;
    this.packages = [];
    this.revisions = [];
    this._changed.emit();
    await this.reporting(() => this._readChosen());
  }

  search(query: string): Promise<IPackage[]> {
    return this.client.search(this.prefix, query);
  }

  /** Begin a change of the chosen environment; its plan is shown before it is carried out. */
  async begin(wish: IJobWish): Promise<void> {
    await this.reporting(async () => {
      const place = wish.name ? {} : { prefix: this.prefix };
      const job = await this.jobs.begin({ ...place, ...wish });
      this.prefix = job.prefix;
    });
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

  dispose(): void {
    this.jobs.dispose();
    Signal.clearData(this);
  }

  private async afterwards(job: IJob): Promise<void> {
    if (job.status === 'succeeded' && !job.dry_run) {
      await this.reporting(async () => {
        this.environments = await this.client.environments();
        await this._readChosen();
      });
    }
  }

  private async _readChosen(): Promise<void> {
    const prefix = this.prefix;
    if (!this.environment) {
      return;
    }
    const [packages, revisions] = await Promise.all([
      this.client.packages(prefix),
      this.client.history(prefix)
    ]);
    if (prefix === this.prefix) {
      this.packages = packages;
      this.revisions = revisions;
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

  private readonly _born = Date.now();
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
