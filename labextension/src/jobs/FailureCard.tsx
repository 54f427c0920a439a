/** A failure in the words of the engine: what, why, and what to do. */
import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { IFailure } from '../api/types';
import { IconButton } from '../environments/IconButton';
import { Words } from '../panel/words';

export function FailureCard(props: {
  failure: IFailure;
  trans: Words;
  dismiss: () => void;
  /** Buttons below it. */
  children?: React.ReactNode;
}): JSX.Element {
  const { failure, trans, dismiss, children } = props;
  return (
    <section className="xc-Failure" role="alert">
      <FailureHead what={failure.what} trans={trans} dismiss={dismiss} />
      <Why text={failure.why} />
      {failure.fix && <Sentence text={failure.fix} />}
      {children}
    </section>
  );
}

/** The cause; of several lines the indentation has a meaning. */
function Why({ text }: { text: string }): JSX.Element {
  return text.includes('\n') ? (
    <pre className="xc-Failure-why">{text}</pre>
  ) : (
    <Sentence text={text} />
  );
}

/** A sentence of the engine's, in which commands stand in backticks. */
export function Sentence({ text }: { text: string }): JSX.Element {
  const parts = text.split('`');
  return (
    <p className="xc-Failure-words">
      {parts.map((part, at) => (at % 2 ? <code key={at}>{part}</code> : part))}
    </p>
  );
}

/** What did not happen, and the way to put it out of sight. */
export function FailureHead(props: {
  what: string;
  trans: Words;
  dismiss: () => void;
  children?: React.ReactNode;
}): JSX.Element {
  return (
    <div className="xc-Row xc-Failure-head">
      <strong>{props.what}</strong>
      {props.children}
      <IconButton
        icon={closeIcon}
        label={props.trans.__('Dismiss')}
        onClick={props.dismiss}
      />
    </div>
  );
}
