/** The notebook in front: its environment, what a restart would lose, and whether it needs one. */
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { Kernel, KernelSpec } from '@jupyterlab/services';
import { ISignal, Signal } from '@lumino/signaling';

import { IEnvironment, IJob } from '../api/types';
import { PanelModel } from '../panel/model';
import {
  ask,
  IStaleModule,
  IVariable,
  PREFIX,
  staleSince,
  stillLoaded,
  VARIABLES
} from './kernelQuestions';
import { kernelOf, prefixOf, referred } from './kernelSpecs';

/** The key of a notebook's metadata under which its environment is named. */
const METADATA = 'xconda';

type Stale = ReadonlyMap<string, IStaleModule>;
const NOTHING: Stale = new Map();

export class NotebookModel {
  constructor(
    private readonly _tracker: INotebookTracker,
    private readonly _specs: KernelSpec.IManager,
    private readonly _panel: PanelModel
  ) {
    _tracker.currentChanged.connect(() => this._turn());
    _tracker.widgetAdded.connect((_, widget) => this._follow(widget));
    _tracker.forEach(widget => this._follow(widget));
    _specs.specsChanged.connect(() => this._changed.emit());
    _panel.jobs.finished.connect((_, job) => void this._afterJob(job));
    this._turn();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The notebook in front. */
  get notebook(): NotebookPanel | null {
    return this._tracker.currentWidget;
  }

  /** Its file's name. */
  get title(): string {
    return this.notebook?.context.path.split('/').pop() ?? '';
  }

  get kernelName(): string {
    return this.notebook?.sessionContext.kernelDisplayName ?? '';
  }

  get hasKernel(): boolean {
    return !!this._kernel(this.notebook);
  }

  /** Where its kernel's environment is, empty where that is not known. */
  get prefix(): string {
    return this._prefixOf(this.notebook);
  }

  get environment(): IEnvironment | undefined {
    const { prefix } = this;
    return this._panel.environments.find(each => each.prefix === prefix);
  }

  /** The environment that the notebook's metadata names, where its kernel runs in another. */
  get missed(): { wanted: string; environment?: IEnvironment } | null {
    const metadata = this.notebook?.model?.sharedModel.getMetadata(METADATA);
    const told = referred(metadata, this._panel.environments);
    const isHere = told.environment && told.environment.prefix === this.prefix;
    return told.wanted && !isHere ? told : null;
  }

  /** Top-level modules that the kernel holds in versions that are gone from the disk. */
  get stale(): { name: string; isCompiled: boolean }[] {
    const found = new Map<string, boolean>();
    for (const [name, each] of this._stale(this.notebook)) {
      const top = name.split('.')[0];
      const isCompiled = /\.(so|pyd|dylib)$/.test(each.file);
      found.set(top, isCompiled || (found.get(top) ?? false));
    }
    return [...found].map(([name, isCompiled]) => ({ name, isCompiled }));
  }

  /** Environments that the notebook's kernel can be switched to, with the kernel's name. */
  get targets(): { environment: IEnvironment; kernel: string }[] {
    const specs = this._specs.specs?.kernelspecs ?? {};
    return this._panel.environments
      .filter(each => each.prefix !== this.prefix)
      .map(environment => ({
        environment,
        kernel: kernelOf(environment.prefix, specs)
      }));
  }

  /** What a restart or switch would lose; null where the kernel does not say (busy, not Python). */
  async variables(): Promise<IVariable[] | null> {
    const kernel = this._kernel(this.notebook);
    if (!kernel) {
      return [];
    }
    const found = await ask<{ [name: string]: string }>(kernel, VARIABLES);
    return (
      found && Object.entries(found).map(([name, type]) => ({ name, type }))
    );
  }

  /** Give the notebook a kernel of another environment, and write that into its metadata. */
  async switchTo(environment: IEnvironment, kernel: string): Promise<void> {
    const notebook = this.notebook;
    if (!notebook) {
      return;
    }
    await notebook.sessionContext.changeKernel({ name: kernel });
    const { name, prefix } = environment;
    notebook.model?.sharedModel.setMetadata(METADATA, {
      environment: { name, prefix }
    });
    this._changed.emit();
  }

  async restart(): Promise<void> {
    await this.notebook?.sessionContext.restartKernel();
  }

  private _turn(): void {
    if (this.notebook) {
      void this._learnPrefix(this.notebook);
    }
    this._changed.emit();
  }

  private _follow(widget: NotebookPanel): void {
    const session = widget.sessionContext;
    session.kernelChanged.connect(() => {
      this._told.delete(widget);
      this._staleOf.delete(widget);
      void this._learnPrefix(widget);
      this._changed.emit();
    });
    session.statusChanged.connect((_, status) => {
      if (status === 'restarting' || status === 'autorestarting') {
        this._staleOf.delete(widget);
      } else if (status === 'idle') {
        void this._forgetReloaded(widget);
      }
      this._changed.emit();
    });
    widget.context.pathChanged.connect(() => this._changed.emit());
    widget.disposed.connect(() => this._changed.emit());
    void this._learnPrefix(widget);
  }

  /** Ask a kernel whose specification does not say it where it lives. */
  private async _learnPrefix(widget: NotebookPanel): Promise<void> {
    await widget.sessionContext.ready;
    const kernel = this._kernel(widget);
    if (kernel && !this._prefixOf(widget)) {
      const prefix = await ask<string>(kernel, PREFIX, 0);
      if (prefix) {
        this._told.set(widget, prefix);
      }
    }
    this._changed.emit();
  }

  private _prefixOf(widget: NotebookPanel | null): string {
    const name = widget?.sessionContext.session?.kernel?.name ?? '';
    const spec = this._specs.specs?.kernelspecs[name];
    return prefixOf(spec) || (widget && this._told.get(widget)) || '';
  }

  private _kernel(
    widget: NotebookPanel | null
  ): Kernel.IKernelConnection | null {
    return widget?.sessionContext.session?.kernel ?? null;
  }

  private _stale(widget: NotebookPanel | null): Stale {
    return (widget && this._staleOf.get(widget)) ?? NOTHING;
  }

  private async _afterJob(job: IJob): Promise<void> {
    if (job.status === 'succeeded' && !job.dry_run) {
      // an environment may have got a kernel
      await Promise.all([this._specs.refreshSpecs(), this._lookForStale(job)]);
    }
  }

  /** After a change that replaced packages: which of their modules do the notebooks hold? */
  private async _lookForStale(job: IJob): Promise<void> {
    const replaced = job.plan?.operations.some(each => each.old) ?? false;
    if (!replaced) {
      return;
    }
    const open: NotebookPanel[] = [];
    this._tracker.forEach(widget => open.push(widget));
    const meant = open.filter(each => this._prefixOf(each) === job.prefix);
    await Promise.all(
      meant.map(async widget => {
        const kernel = this._kernel(widget);
        const since = staleSince((job.started ?? 0) - 1);
        const found =
          kernel &&
          (await ask<{ [name: string]: IStaleModule }>(kernel, since, 0));
        if (found) {
          const all = [...this._stale(widget), ...Object.entries(found)];
          this._staleOf.set(widget, new Map(all));
          this._changed.emit();
        }
      })
    );
  }

  /** Drop what has been imported afresh since. */
  private async _forgetReloaded(widget: NotebookPanel): Promise<void> {
    const kernel = this._kernel(widget);
    const stale = this._stale(widget);
    if (!kernel || !stale.size || this._isChecking) {
      return;
    }
    this._isChecking = true; // the question itself makes the kernel busy, then idle
    const ids = new Map([...stale].map(([name, { id }]) => [name, id]));
    const left = await ask<string[]>(kernel, stillLoaded(ids));
    if (left && left.length < stale.size) {
      this._staleOf.set(
        widget,
        new Map([...stale].filter(([name]) => left.includes(name)))
      );
      this._changed.emit();
    }
    window.setTimeout(() => (this._isChecking = false), 500);
  }

  private _isChecking = false;
  private readonly _told = new WeakMap<NotebookPanel, string>();
  private readonly _staleOf = new WeakMap<NotebookPanel, Stale>();
  private readonly _changed = new Signal<this, void>(this);
}
