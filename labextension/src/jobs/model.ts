/** The jobs of the user, whoever runs them, kept up to date by *look again* events. */
import { ISignal, Signal } from '@lumino/signaling';

import { IClient, XcondaFailure } from '../api/client';
import { IJob, IJobWish } from '../api/types';

/** Milliseconds between looks at a job that runs, should no event come. */
const PATIENCE = 1000;
/** The same after a look that failed: the server may be on its way back. */
const PATIENCE_WITHOUT_ANSWER = 5000;

export class JobsModel {
  constructor(private readonly client: IClient) {}

  /** Something about the jobs is different now. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** A job has come to its end. */
  get finished(): ISignal<this, IJob> {
    return this._finished;
  }

  /** The jobs known in full, newest first. */
  get jobs(): IJob[] {
    return [...this._jobs.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
  }

  get running(): IJob[] {
    return this.jobs.filter(job => job.status === 'running');
  }

  /** Read the newest jobs, so that a reloaded page shows what goes on. */
  async load(count = 10): Promise<void> {
    const newest = (await this.client.jobs()).slice(0, count);
    const found = await Promise.all(newest.map(job => this.client.job(job.id)));
    found.forEach(job => this.take(job, false)); // their ends are no news
  }

  /** Begin a change. The job stops with its plan and waits for `confirm`. */
  async begin(wish: IJobWish): Promise<IJob> {
    const job = await this.client.begin(wish);
    this.take(job);
    return job;
  }

  /** Begin a job that asks nothing, and return it when it is over. */
  async complete(wish: IJobWish): Promise<IJob> {
    const job = await this.begin(wish);
    if (job.status !== 'running') {
      return job;
    }
    return new Promise(resolve => {
      const look = (_: this, ended: IJob) => {
        if (ended.id === job.id) {
          this._finished.disconnect(look);
          resolve(ended);
        }
      };
      this._finished.connect(look);
    });
  }

  async confirm(id: string): Promise<void> {
    this.take(await this.client.confirm(id));
  }

  async cancel(id: string): Promise<void> {
    this.take(await this.client.cancel(id));
  }

  /** Read a job again; called by events, and after a while without any. */
  async look(id: string): Promise<void> {
    if (this._looking.has(id)) {
      this._again.add(id);
      return;
    }
    this._looking.add(id);
    try {
      do {
        this._again.delete(id);
        this.take(await this.client.job(id));
      } while (this._again.has(id));
    } catch (error) {
      this._lookInVain(id, error);
      throw error;
    } finally {
      this._looking.delete(id);
    }
  }

  /** Forget a finished job here; the store keeps it. */
  dismiss(id: string): void {
    this._jobs.delete(id);
    this._unknown.delete(id);
    window.clearTimeout(this._timers.get(id));
    this._timers.delete(id);
    this._changed.emit();
  }

  dispose(): void {
    this._timers.forEach(timer => window.clearTimeout(timer));
    Signal.clearData(this);
  }

  private take(job: IJob, isNews = true): void {
    const before = this._jobs.get(job.id);
    if (before && before.status !== 'running' && job.status === 'running') {
      return; // an answer that was overtaken on its way
    }
    this._jobs.set(job.id, job);
    this._unknown.delete(job.id);
    window.clearTimeout(this._timers.get(job.id));
    this._timers.delete(job.id);
    if (job.status === 'running') {
      this._lookLater(job.id, PATIENCE);
    } else if (before?.status === 'running' || (!before && isNews)) {
      this._finished.emit(job); // a quick job is over at the first look
    }
    this._changed.emit();
  }

  private _lookLater(id: string, milliseconds: number): void {
    const again = () => void this.look(id).catch(() => undefined);
    window.clearTimeout(this._timers.get(id));
    this._timers.set(id, window.setTimeout(again, milliseconds));
  }

  /**
   * No answer: ask again as long as the job is thought to run. What a server says twice in a row
   * that it does not know is forgotten.
   */
  private _lookInVain(id: string, error: unknown): void {
    const isUnknown = error instanceof XcondaFailure && error.status === 404;
    if (isUnknown && this._unknown.has(id)) {
      this.dismiss(id);
    } else if (this._jobs.get(id)?.status === 'running') {
      if (isUnknown) {
        this._unknown.add(id);
      }
      this._lookLater(id, PATIENCE_WITHOUT_ANSWER);
    }
  }

  private readonly _jobs = new Map<string, IJob>();
  private readonly _looking = new Set<string>();
  private readonly _again = new Set<string>();
  private readonly _unknown = new Set<string>();
  private readonly _timers = new Map<string, number>();
  private readonly _changed = new Signal<this, void>(this);
  private readonly _finished = new Signal<this, IJob>(this);
}
