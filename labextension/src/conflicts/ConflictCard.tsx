/** Why a request cannot be met: its picture, its words, and the ways out as buttons. */
import { Dialog, ReactWidget, showDialog } from '@jupyterlab/apputils';
import * as React from 'react';

import { IConflict, IFailure } from '../api/types';
import { FailureHead, Sentence } from '../jobs/FailureCard';
import { Words } from '../panel/words';
import { ConflictGraph } from './ConflictGraph';
import { fixes, IFix } from './fixes';

export function ConflictCard(props: {
  failure: IFailure;
  facts: IConflict;
  asked: readonly string[];
  trans: Words;
  retry: (way: IFix) => void;
  dismiss: () => void;
}): JSX.Element {
  const { failure, facts, asked, trans, retry, dismiss } = props;
  const ways = fixes(facts.relaxations ?? [], asked, trans);
  return (
    <section className="xc-Failure xc-Conflict" role="alert">
      <FailureHead what={failure.what} trans={trans} dismiss={dismiss}>
        <button
          className="xc-Link"
          onClick={() => void enlarge(failure, facts, trans)}
        >
          {trans.__('Enlarge')}
        </button>
      </FailureHead>
      <ConflictGraph facts={facts} trans={trans} />
      {!ways.length && <Sentence text={failure.fix} />}
      {ways.length > 0 && (
        <>
          <p className="xc-Conflict-title">
            {ways.length > 1
              ? trans.__('Any one of these works, tried by a solve:')
              : trans.__('This works, tried by a solve:')}
          </p>
          <ul className="xc-Conflict-fixes">
            {ways.map(way => (
              <li key={way.words}>
                {way.specs ? (
                  <button
                    className="jp-mod-styled xc-Conflict-fix"
                    title={way.specs.join(' ')}
                    onClick={() => retry(way)}
                  >
                    {way.words}
                  </button>
                ) : (
                  <span className="xc-Conflict-way">{way.words}</span>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      <details className="xc-Conflict-words">
        <summary>{trans.__('In words')}</summary>
        <pre className="xc-Failure-why">{failure.why}</pre>
      </details>
    </section>
  );
}

/** Show the picture and the words in the middle of the window. */
async function enlarge(
  failure: IFailure,
  facts: IConflict,
  trans: Words
): Promise<void> {
  const body = ReactWidget.create(
    <div className="xc-Enlarged">
      <ConflictGraph facts={facts} trans={trans} />
      <pre className="xc-Failure-why">{failure.why}</pre>
    </div>
  );
  await showDialog({
    title: failure.what,
    body,
    buttons: [Dialog.okButton({ label: trans.__('Close') })]
  });
}
