/** A job as it goes: progress, plan, confirmation, cancel, end. */
import * as React from 'react';

import { IJob } from '../api/types';
import { PanelModel } from '../panel/model';
import { Words } from '../panel/words';
import { FailureCard } from './FailureCard';
import { PlanTable } from './PlanTable';

interface IProps {
  job: IJob;
  model: PanelModel;
  trans: Words;
}

export function JobCard({ job, model, trans }: IProps): JSX.Element {
  if (job.error && job.status === 'failed') {
    return (
      <FailureCard
        failure={job.error}
        trans={trans}
        dismiss={() => model.jobs.dismiss(job.id)}
      />
    );
  }
  return (
    <section className="xc-Job" aria-label={trans.__('Job: %1', job.command)}>
      <code className="xc-Job-command">{job.command}</code>
      {!job.awaits_confirmation && <Progress job={job} />}
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

function Progress({ job }: { job: IJob }): JSX.Element {
  return (
    <>
      <progress
        className="xc-Job-bar"
        max={1}
        value={job.fraction}
        aria-label={job.words}
      />
      <p className="xc-Job-words" role="status">
        {job.words}
      </p>
    </>
  );
}

function Buttons({ job, model, trans }: IProps): JSX.Element {
  const confirm = () => void model.reporting(() => model.jobs.confirm(job.id));
  const cancel = () => void model.reporting(() => model.jobs.cancel(job.id));
  if (job.status !== 'running') {
    return (
      <div className="xc-Buttons">
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
        disabled={job.is_cancelling}
        onClick={cancel}
      >
        {job.is_cancelling ? trans.__('Cancelling …') : trans.__('Cancel')}
      </button>
      {job.awaits_confirmation && (
        <button className="jp-mod-styled jp-mod-accept" onClick={confirm}>
          {trans.__('Apply')}
        </button>
      )}
    </div>
  );
}
