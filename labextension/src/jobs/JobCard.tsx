/** A job as it goes: progress, plan, confirmation, cancel, end. */
import * as React from 'react';

import { IJob } from '../api/types';
import { ConflictCard } from '../conflicts/ConflictCard';
import { again, conflictOf, IFix, repeated } from '../conflicts/fixes';
import { PanelModel } from '../panel/model';
import { Words } from '../panel/words';
import { FailureCard } from './FailureCard';
import { endsIt } from './plan';
import { PlanTable } from './PlanTable';

interface IProps {
  job: IJob;
  model: PanelModel;
  trans: Words;
}

export function JobCard({ job, model, trans }: IProps): JSX.Element {
  const card = React.useRef<HTMLElement>(null);
  useFocus(card, job.awaits_confirmation);
  if (job.error && job.status === 'failed') {
    return <Failed job={job} model={model} trans={trans} />;
  }
  return (
    <section
      ref={card}
      className="xc-Job"
      tabIndex={-1}
      aria-label={trans.__('Job: %1', job.command)}
      onKeyDown={event => answer(event, job, model)}
    >
      <code className="xc-Job-command" title={job.command}>
        {job.command}
      </code>
      {!job.awaits_confirmation && <Progress job={job} trans={trans} />}
      {job.notices.map((notice, at) => (
        <p key={at} className={`xc-Notice xc-mod-${notice.level}`}>
          {notice.text}
        </p>
      ))}
      {job.plan && job.awaits_confirmation && (
        <PlanTable plan={job.plan} trans={trans} />
      )}
      <Buttons job={job} model={model} trans={trans} />
    </section>
  );
}

function Failed({ job, model, trans }: IProps): JSX.Element {
  const failure = job.error!;
  const dismiss = () => model.jobs.dismiss(job.id);
  const facts = conflictOf(failure);
  if (facts === null) {
    return (
      <FailureCard failure={failure} trans={trans} dismiss={dismiss}>
        <TryAgain job={job} model={model} trans={trans} />
      </FailureCard>
    );
  }
  const retry = ({ specs, removes }: IFix) => {
    const wish = again(job, specs ?? []);
    dismiss();
    void (removes.length
      ? model.begin(
          { verb: 'remove', prefix: job.prefix, specs: removes },
          wish
        )
      : model.begin(wish));
  };
  return (
    <ConflictCard
      failure={failure}
      facts={facts}
      asked={job.asked.specs}
      trans={trans}
      retry={retry}
      dismiss={dismiss}
    />
  );
}

/** The same once more: the network is back, the lock is free. */
function TryAgain({ job, model, trans }: IProps): JSX.Element | null {
  const wish = repeated(job);
  if (wish === null) {
    return null;
  }
  const retry = () => {
    model.jobs.dismiss(job.id);
    void model.begin(wish);
  };
  return (
    <button type="button" className="jp-mod-styled" onClick={retry}>
      {trans.__('Try again')}
    </button>
  );
}

/** Bring the keyboard to a plan that waits, unless somebody is typing elsewhere. */
function useFocus(card: React.RefObject<HTMLElement>, waits: boolean): void {
  React.useEffect(() => {
    const at = document.activeElement;
    const panel = card.current?.closest('.xc-Panel');
    if (waits && (at === null || at === document.body || panel?.contains(at))) {
      card.current?.focus();
    }
  }, [waits]);
}

/** Enter applies a plan that waits, Escape cancels what runs. */
function answer(
  event: React.KeyboardEvent,
  job: IJob,
  model: PanelModel
): void {
  const isButton = (event.target as HTMLElement).tagName === 'BUTTON';
  const isEnd = job.plan !== null && endsIt(job.plan);
  if (event.key === 'Enter' && job.awaits_confirmation && !isButton) {
    event.preventDefault();
    if (isEnd) {
      return; // what nothing brings back wants its own button
    }
    void model.reporting(() => model.jobs.confirm(job.id));
  } else if (event.key === 'Escape') {
    event.preventDefault();
    event.stopPropagation();
    if (job.status === 'running') {
      void model.reporting(() => model.jobs.cancel(job.id));
    } else {
      model.jobs.dismiss(job.id);
    }
  }
}

function Progress({ job, trans }: { job: IJob; trans: Words }): JSX.Element {
  const isLoading = job.status === 'running' && job.phase === 'download';
  return (
    <>
      {job.status === 'running' && (
        <progress
          className="xc-Job-bar"
          max={1}
          value={job.fraction}
          aria-label={job.words}
        />
      )}
      <p className="xc-Job-words" role="status" title={job.words}>
        {job.words}
      </p>
      {job.awaits && (
        <p className="xc-Job-amount" title={job.awaits.command}>
          {trans.__(
            'Waits for %1 (process %2)',
            job.awaits.command,
            job.awaits.pid
          )}
        </p>
      )}
      {isLoading && job.package && (
        <p className="xc-Job-amount">{job.package}</p>
      )}
    </>
  );
}

function Buttons({ job, model, trans }: IProps): JSX.Element {
  const confirm = () => void model.reporting(() => model.jobs.confirm(job.id));
  const cancel = () => void model.reporting(() => model.jobs.cancel(job.id));
  const isEnd = job.plan !== null && endsIt(job.plan);
  if (job.status !== 'running') {
    return (
      <div className="xc-Buttons">
        <TryAgain job={job} model={model} trans={trans} />
        <button
          className="jp-mod-styled"
          onClick={() => model.jobs.dismiss(job.id)}
        >
          {trans.__('Dismiss')}
        </button>
      </div>
    );
  }
  return (
    <div className="xc-Buttons">
      <button
        className="jp-mod-styled jp-mod-reject"
        title={trans.__('Cancel (Escape)')}
        disabled={job.is_cancelling}
        onClick={cancel}
      >
        {job.is_cancelling ? trans.__('Cancelling …') : trans.__('Cancel')}
      </button>
      {job.awaits_confirmation && (
        <button
          className={`jp-mod-styled ${isEnd ? 'jp-mod-warn' : 'jp-mod-accept'}`}
          title={isEnd ? '' : trans.__('Apply (Enter)')}
          onClick={confirm}
        >
          {isEnd ? trans.__('Remove') : trans.__('Apply')}
        </button>
      )}
    </div>
  );
}
