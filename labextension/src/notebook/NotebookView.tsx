/** The card of the notebook in front. */
import { UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';

import { IEnvironment } from '../api/types';
import { PanelModel } from '../panel/model';
import { Words } from '../panel/words';
import { IVariable } from './kernelQuestions';
import { NotebookModel } from './model';
import { Needs } from './Needs';
import { restartAndRunTo } from './running';

const MOST_SHOWN = 12;

interface IProps {
  notebook: NotebookModel;
  model: PanelModel;
  trans: Words;
}

export function NotebookView(props: IProps): JSX.Element {
  return (
    <UseSignal signal={props.notebook.changed}>
      {() => <Card {...props} />}
    </UseSignal>
  );
}

function Card(props: IProps): JSX.Element {
  const { notebook, trans } = props;
  if (!notebook.notebook) {
    return (
      <p className="xc-Empty">
        {trans.__('Open a notebook to see its environment here.')}
      </p>
    );
  }
  return (
    <div className="xc-Notebook" key={notebook.notebook.id}>
      <h3 title={notebook.notebook.context.path}>{notebook.title}</h3>
      <Missed {...props} />
      <Where {...props} />
      <Stale {...props} />
      <Needs
        {...props}
        path={notebook.notebook.context.path}
        key={notebook.prefix}
      />
      <Switch {...props} />
    </div>
  );
}

function Where({ notebook, model, trans }: IProps): JSX.Element {
  const { environment, prefix } = notebook;
  const isShown = prefix !== '' && model.prefix === prefix;
  return (
    <>
      <dl className="xc-Facts">
        <dt>{trans.__('Kernel')}</dt>
        <dd>{notebook.kernelName}</dd>
        <dt>{trans.__('Environment')}</dt>
        <dd title={prefix}>
          {environment?.name || prefix || trans.__('not known')}
        </dd>
      </dl>
      {environment && (
        <div className="xc-Buttons xc-mod-start">
          <button
            className="jp-mod-styled"
            onClick={() => {
              void model.followFrom(prefix);
              model.show('packages');
            }}
          >
            {isShown
              ? trans.__('Show its packages')
              : trans.__('Show this environment')}
          </button>
        </div>
      )}
      {!environment && prefix && (
        <p className="xc-Note">
          {trans.__(
            'Its Python is in %1, which is no environment that conda knows of.',
            prefix
          )}
        </p>
      )}
    </>
  );
}

/** The notebook names an environment, and its kernel runs in another one. */
function Missed(props: IProps): JSX.Element | null {
  const { notebook, model, trans } = props;
  const { missed } = notebook;
  if (!missed) {
    return null;
  }
  const target = notebook.targets.find(
    each => each.environment === missed.environment
  );
  return (
    <div className="xc-Advice" role="status">
      <p>
        {missed.environment
          ? trans.__(
              'This notebook was last used with the environment %1.',
              missed.wanted
            )
          : trans.__(
              'This notebook was last used with the environment %1, which is not here.',
              missed.wanted
            )}
      </p>
      {target?.kernel ? (
        <Losing {...props} target={target} />
      ) : (
        !missed.environment && (
          <button
            className="jp-mod-styled"
            onClick={() => model.setNaming(true)}
          >
            {trans.__('Make it …')}
          </button>
        )
      )}
    </div>
  );
}

function Stale({ notebook, trans }: IProps): JSX.Element | null {
  const { stale } = notebook;
  if (!stale.length) {
    return null;
  }
  const names = stale.map(each => each.name).join(', ');
  const runToHere = () => {
    const panel = notebook.notebook!;
    void restartAndRunTo(panel, panel.content.activeCellIndex);
  };
  return (
    <div className="xc-Advice xc-mod-warning" role="status">
      <p>
        {trans.__(
          'Changed on disk since this notebook imported it: %1. The kernel uses the old code until it is restarted.',
          names
        )}
      </p>
      <div className="xc-Buttons xc-mod-start">
        <button
          className="jp-mod-styled jp-mod-warn"
          onClick={() => void notebook.restart()}
        >
          {trans.__('Restart kernel')}
        </button>
        <button className="jp-mod-styled" onClick={runToHere}>
          {trans.__('Restart and run to the selected cell')}
        </button>
      </div>
    </div>
  );
}

/** So many environments without a kernel are shown unasked. */
const MOST_OPEN = 5;

interface ITarget {
  environment: IEnvironment;
  kernel: string;
}

/** Another environment for the notebook. */
function Switch(props: IProps): JSX.Element {
  const { notebook, trans } = props;
  const [prefix, setPrefix] = React.useState('');
  const targets = notebook.targets.filter(each => each.kernel);
  const without = notebook.targets.filter(each => !each.kernel);
  const target = targets.find(each => each.environment.prefix === prefix);
  return (
    <section aria-label={trans.__('Switch the environment')}>
      <h4>{trans.__('Switch the environment')}</h4>
      {targets.length ? (
        <select
          className="jp-mod-styled xc-Picker-select"
          aria-label={trans.__('Environment for this notebook')}
          value={target ? prefix : ''}
          onChange={event => setPrefix(event.target.value)}
        >
          <option value="">{trans.__('Choose …')}</option>
          {targets.map(({ environment }) => (
            <option key={environment.prefix} value={environment.prefix}>
              {environment.name || environment.prefix}
            </option>
          ))}
        </select>
      ) : (
        <p className="xc-Note">
          {trans.__('No other environment has a kernel.')}
        </p>
      )}
      {target && (
        <Losing {...props} target={target} key={target.environment.prefix} />
      )}
      {without.length > 0 && (
        <WithoutKernel
          {...props}
          environments={without.map(each => each.environment)}
        />
      )}
    </section>
  );
}

/** Environments that a notebook could use if they had a kernel; a click brings Python's. */
function WithoutKernel(
  props: IProps & { environments: IEnvironment[] }
): JSX.Element {
  const { model, trans, environments } = props;
  const bring = (prefix: string) =>
    void model.begin({ verb: 'install', prefix, specs: ['ipykernel'] });
  return (
    <details open={environments.length <= MOST_OPEN}>
      <summary className="xc-Note">
        {trans.__('Without a kernel (%1)', environments.length)}
      </summary>
      <ul className="xc-Missing">
        {environments.map(each => (
          <li key={each.prefix} className="xc-Row">
            <span title={each.prefix}>{each.name || each.prefix}</span>
            {each.is_writable && !each.is_frozen && (
              <button className="xc-Link" onClick={() => bring(each.prefix)}>
                {trans.__('Install ipykernel')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** What would be lost, and the button that loses it. */
function Losing(props: IProps & { target: ITarget }): JSX.Element {
  const { notebook, model, trans, target } = props;
  const [lost, setLost] = React.useState<IVariable[] | null | undefined>();
  React.useEffect(() => {
    let isCurrent = true;
    void notebook.variables().then(found => isCurrent && setLost(found));
    return () => {
      isCurrent = false;
    };
  }, [notebook, target.kernel]);
  const name = target.environment.name || target.environment.prefix;
  const go = () =>
    void model.reporting(() =>
      notebook.switchTo(target.environment, target.kernel)
    );
  return (
    <div className="xc-Losing">
      {lost === undefined ? (
        <p role="status">{trans.__('Asking the kernel what it holds …')}</p>
      ) : (
        <Lost variables={lost} trans={trans} />
      )}
      <button
        className="jp-mod-styled jp-mod-warn"
        disabled={lost === undefined}
        onClick={go}
      >
        {trans.__('Switch to %1', name)}
      </button>
    </div>
  );
}

function Lost(props: {
  variables: IVariable[] | null;
  trans: Words;
}): JSX.Element {
  const { variables, trans } = props;
  if (variables === null) {
    return (
      <p>
        {trans.__(
          'The kernel does not say what it holds: it is busy, or not Python. All of it would be lost.'
        )}
      </p>
    );
  }
  if (!variables.length) {
    return <p>{trans.__('Nothing would be lost: it holds no variables.')}</p>;
  }
  const more = variables.length - MOST_SHOWN;
  return (
    <>
      <p>
        {trans._n(
          'A new kernel starts empty. %1 variable would be lost:',
          'A new kernel starts empty. %1 variables would be lost:',
          variables.length
        )}
      </p>
      <ul className="xc-Lost">
        {variables.slice(0, MOST_SHOWN).map(each => (
          <li key={each.name}>
            <code>{each.name}</code> {each.type}
          </li>
        ))}
        {more > 0 && <li>{trans.__('and %1 more', more)}</li>}
      </ul>
    </>
  );
}
