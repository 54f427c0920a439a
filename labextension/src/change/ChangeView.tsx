/** A finished change in the notebook's output, with what there is to do about it. */
import * as React from 'react';

import { SIGNS } from '../jobs/plan';
import { sizeWords } from '../packages/versions';
import { Words } from '../panel/words';
import { IChange, IChangeResult } from './types';

const MOST_OPEN = 12;

/** What the buttons do; null: there is no notebook to do it in. */
export interface IDeeds {
  undo: () => void;
  /** Takes new code in, and returns what the kernel says of it. */
  reload: (() => Promise<string>) | null;
  restartAndRunToHere: (() => Promise<void>) | null;
}

export function ChangeView(props: {
  result: IChangeResult;
  deeds: IDeeds;
  trans: Words;
}): JSX.Element {
  const { result, deeds, trans } = props;
  return (
    <div className="xc-Change">
      <Changes changes={result.changes} trans={trans} />
      {result.notes.map(note => (
        <p key={note}>
          <Coded text={note} />
        </p>
      ))}
      <p role="status">
        <Coded text={result.words} />
      </p>
      <Deeds result={result} deeds={deeds} trans={trans} />
    </div>
  );
}

function Changes(props: { changes: IChange[]; trans: Words }): JSX.Element {
  const { changes, trans } = props;
  const table = (
    <table className="xc-Change-table">
      <thead>
        <tr>
          <th scope="col">{trans.__('Package')}</th>
          <th scope="col">{trans.__('Before')}</th>
          <th scope="col">{trans.__('Now')}</th>
          <th scope="col">{trans.__('Channel')}</th>
          <th scope="col">{trans.__('Size')}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(each => (
          <tr key={each.name} className={`xc-mod-${each.movement}`}>
            <th scope="row">
              <span className="xc-Plan-sign">{SIGNS[each.movement] ?? ''}</span>
              {each.name}
            </th>
            <td>{each.old}</td>
            <td>{each.new || trans.__('removed')}</td>
            <td>{each.channel}</td>
            <td className="xc-Plan-size">
              {each.size === null ? '' : sizeWords(each.size)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
  if (changes.length <= MOST_OPEN) {
    return table;
  }
  return (
    <details>
      <summary>{trans._n('%1 package', '%1 packages', changes.length)}</summary>
      {table}
    </details>
  );
}

/** Only what the verdicts call for: nothing to reload, no such button. */
function Deeds(props: {
  result: IChangeResult;
  deeds: IDeeds;
  trans: Words;
}): JSX.Element {
  const { result, deeds, trans } = props;
  const [told, setTold] = React.useState('');
  const [isBusy, setBusy] = React.useState(false);
  const { reload, restartAndRunToHere } = deeds;
  const during = async (act: () => Promise<string | void>) => {
    setBusy(true);
    try {
      setTold((await act()) || '');
    } catch (error) {
      setTold(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <div className="xc-Buttons xc-mod-start">
        {reload && Object.keys(result.reload).length > 0 && (
          <button
            className="jp-mod-styled jp-mod-accept"
            title={Object.keys(result.reload).join(', ')}
            disabled={isBusy}
            onClick={() => void during(reload)}
          >
            {trans.__('Reload')}
          </button>
        )}
        {restartAndRunToHere && Object.keys(result.restart).length > 0 && (
          <button
            className="jp-mod-styled jp-mod-warn"
            title={Object.keys(result.restart).join(', ')}
            disabled={isBusy}
            onClick={() => void during(restartAndRunToHere)}
          >
            {trans.__('Restart and run to here')}
          </button>
        )}
        {result.can_be_undone && (
          <button className="jp-mod-styled" onClick={deeds.undo}>
            {result.verb === 'undo' ? trans.__('Redo') : trans.__('Undo')}
          </button>
        )}
      </div>
      {told && <pre role="status">{told}</pre>}
    </>
  );
}

/** A sentence in which what stands between backticks is code. */
function Coded({ text }: { text: string }): JSX.Element {
  return (
    <>
      {text
        .split('`')
        .map((part, at) =>
          at % 2 ? (
            <code key={at}>{part}</code>
          ) : (
            <React.Fragment key={at}>{part}</React.Fragment>
          )
        )}
    </>
  );
}
