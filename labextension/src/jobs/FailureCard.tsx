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
}): JSX.Element {
  const { failure, trans, dismiss } = props;
  return (
    <section className="xc-Failure" role="alert">
      <div className="xc-Row">
        <strong>{failure.what}</strong>
        <IconButton
          icon={closeIcon}
          label={trans.__('Dismiss')}
          onClick={dismiss}
        />
      </div>
      <pre className="xc-Failure-why">{failure.why}</pre>
      {failure.fix && <p className="xc-Failure-fix">{failure.fix}</p>}
    </section>
  );
}
