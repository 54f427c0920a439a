/** The side panel. */
import { ITranslator } from '@jupyterlab/translation';
import { closeIcon, ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';

import { IJob } from '../api/types';
import { EnvironmentPicker } from '../environments/EnvironmentPicker';
import { IconButton } from '../environments/IconButton';
import { IDeeds } from '../environments/menu';
import { HistoryView } from '../history/HistoryView';
import { FailureCard } from '../jobs/FailureCard';
import { JobCard } from '../jobs/JobCard';
import { canBeUndone, doneWords } from '../jobs/plan';
import { NotebookModel } from '../notebook/model';
import { NotebookView } from '../notebook/NotebookView';
import { PackagesView } from '../packages/PackagesView';
import { PanelModel, Tab } from './model';
import { Words } from './words';

interface IProps {
  model: PanelModel;
  /** Null where the application has no notebooks. */
  notebook: NotebookModel | null;
  deeds: IDeeds;
  trans: Words;
}

export class XcondaPanel extends ReactWidget {
  constructor(
    private readonly model: PanelModel,
    private readonly notebook: NotebookModel | null,
    private readonly deeds: IDeeds,
    translator: ITranslator
  ) {
    super();
    this._trans = translator.load('xconda');
    this.addClass('xc-Panel');
  }

  dispose(): void {
    this.model.dispose();
    super.dispose();
  }

  protected render(): JSX.Element {
    const { model, notebook, _trans: trans } = this;
    return (
      <UseSignal signal={model.changed}>
        {() => (
          <UseSignal signal={model.jobs.changed}>
            {() => (
              <Panel
                model={model}
                notebook={notebook}
                deeds={this.deeds}
                trans={trans}
              />
            )}
          </UseSignal>
        )}
      </UseSignal>
    );
  }

  private readonly _trans: Words;
}

function Panel({ model, notebook, deeds, trans }: IProps): JSX.Element {
  const job = model.currentJob;
  return (
    <>
      <EnvironmentPicker
        model={model}
        notebook={notebook}
        deeds={deeds}
        trans={trans}
      />
      {model.failure && (
        <FailureCard
          failure={model.failure}
          trans={trans}
          dismiss={() => model.dismissFailure()}
        />
      )}
      {job && <JobCard key={job.id} job={job} model={model} trans={trans} />}
      {!job && model.done && (
        <Done job={model.done} model={model} trans={trans} />
      )}
      <Tabs model={model} notebook={notebook} trans={trans} />
      <div
        className="xc-Body"
        role="tabpanel"
        id="xconda-tabpanel"
        aria-labelledby={`xconda-tab-${model.tab}`}
        aria-busy={model.isLoading}
      >
        <div className="xc-Kept" hidden={model.tab !== 'packages'}>
          <PackagesView key={model.prefix} model={model} trans={trans} />
        </div>
        {model.tab === 'notebook' && notebook && (
          <NotebookView notebook={notebook} model={model} trans={trans} />
        )}
        {model.tab === 'history' && <HistoryView model={model} trans={trans} />}
      </div>
    </>
  );
}

function Tabs({ model, notebook, trans }: Omit<IProps, 'deeds'>): JSX.Element {
  const tabs: [Tab, string][] = [
    ['packages', trans.__('Packages')],
    ...(notebook ? [['notebook', trans.__('Notebook')] as [Tab, string]] : []),
    ['history', trans.__('History')]
  ];
  const turn = (event: React.KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      const at = tabs.findIndex(([name]) => name === model.tab);
      const [next] = tabs[(at + step + tabs.length) % tabs.length];
      model.show(next);
      document.getElementById(`xconda-tab-${next}`)?.focus();
    }
  };
  return (
    <div className="xc-Tabs" role="tablist" onKeyDown={turn}>
      {tabs.map(([name, words]) => (
        <button
          key={name}
          id={`xconda-tab-${name}`}
          role="tab"
          tabIndex={model.tab === name ? 0 : -1}
          aria-selected={model.tab === name}
          aria-controls="xconda-tabpanel"
          className={model.tab === name ? 'xc-Tab xc-mod-selected' : 'xc-Tab'}
          onClick={() => model.show(name)}
        >
          {words}
        </button>
      ))}
    </div>
  );
}

/** A change that has just ended well, and the way back. */
function Done(props: {
  job: IJob;
  model: PanelModel;
  trans: Words;
}): JSX.Element {
  const { job, model, trans } = props;
  const isUndo = job.verb === 'undo';
  return (
    <div className="xc-Done xc-Row" role="status">
      <span className="xc-Done-words" title={job.command}>
        {job.plan ? doneWords(job.plan, trans) : job.words}
      </span>
      {job.plan && canBeUndone(job.plan) && (
        <button
          className="xc-Link"
          disabled={!model.canChange}
          onClick={() => void model.begin({ verb: isUndo ? 'redo' : 'undo' })}
        >
          {isUndo ? trans.__('Redo') : trans.__('Undo')}
        </button>
      )}
      <IconButton
        icon={closeIcon}
        label={trans.__('Dismiss')}
        onClick={() => model.dismissDone()}
      />
    </div>
  );
}
