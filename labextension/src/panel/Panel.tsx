/** The side panel. */
import { ITranslator } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';

import { EnvironmentPicker } from '../environments/EnvironmentPicker';
import { HistoryView } from '../history/HistoryView';
import { FailureCard } from '../jobs/FailureCard';
import { JobCard } from '../jobs/JobCard';
import { PackagesView } from '../packages/PackagesView';
import { PanelModel } from './model';
import { Words } from './words';

type Tab = 'packages' | 'history';

export class XcondaPanel extends ReactWidget {
  constructor(
    private readonly model: PanelModel,
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
    return (
      <UseSignal signal={this.model.changed}>
        {() => (
          <UseSignal signal={this.model.jobs.changed}>
            {() => <Panel model={this.model} trans={this._trans} />}
          </UseSignal>
        )}
      </UseSignal>
    );
  }

  private readonly _trans: Words;
}

function Panel(props: { model: PanelModel; trans: Words }): JSX.Element {
  const { model, trans } = props;
  const [tab, setTab] = React.useState<Tab>('packages');
  const job = model.currentJob;
  const tabs: [Tab, string][] = [
    ['packages', trans.__('Packages')],
    ['history', trans.__('History')]
  ];
  return (
    <>
      <EnvironmentPicker model={model} trans={trans} />
      {model.failure && (
        <FailureCard
          failure={model.failure}
          trans={trans}
          dismiss={() => model.dismissFailure()}
        />
      )}
      {job && <JobCard job={job} model={model} trans={trans} />}
      <div className="xc-Tabs" role="tablist">
        {tabs.map(([name, words]) => (
          <button
            key={name}
            role="tab"
            aria-selected={tab === name}
            className={tab === name ? 'xc-Tab xc-mod-selected' : 'xc-Tab'}
            onClick={() => setTab(name)}
          >
            {words}
          </button>
        ))}
      </div>
      <div className="xc-Body" role="tabpanel" aria-busy={model.isLoading}>
        {tab === 'packages' && (
          <PackagesView key={model.prefix} model={model} trans={trans} />
        )}
        {tab === 'history' && <HistoryView model={model} trans={trans} />}
      </div>
    </>
  );
}
