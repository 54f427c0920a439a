import { ReactWidget } from '@jupyterlab/ui-components';
import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import * as React from 'react';

import { FailureCard } from '../FailureCard';

describe('FailureCard', () => {
  it('shows commands as code, and keeps the lines of a cause that has several', async () => {
    const failure = {
      code: 'c',
      what: 'It was not done.',
      why: 'one\n  two',
      fix: '`xconda info` shows it.',
      facts: {}
    };
    const trans = nullTranslator.load('xconda');
    const card = <FailureCard {...{ failure, trans }} dismiss={() => null} />;
    const widget = ReactWidget.create(card);
    Widget.attach(widget, document.body);
    await widget.renderPromise;
    expect(widget.node.querySelector('code')!.textContent).toBe('xconda info');
    expect(widget.node.textContent).not.toContain('`');
    expect(widget.node.querySelector('pre')!.textContent).toBe('one\n  two');
    widget.dispose();
  });
});
