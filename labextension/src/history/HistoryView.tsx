/** The revisions of an environment, newest first, each with a way back. */
import * as React from 'react';

import { IChangedPair, IRevision } from '../api/types';
import { PanelModel } from '../panel/model';
import { Words } from '../panel/words';

interface IProps {
  model: PanelModel;
  trans: Words;
}

export function HistoryView({ model, trans }: IProps): JSX.Element {
  const newest = [...model.revisions].reverse();
  if (!newest.length) {
    return <p className="xc-Empty">{trans.__('No revisions yet.')}</p>;
  }
  return (
    <ol className="xc-History" aria-label={trans.__('Revisions, newest first')}>
      {newest.map((each, at) => (
        <Revision
          key={each.rev}
          each={each}
          isNow={at === 0}
          model={model}
          trans={trans}
        />
      ))}
    </ol>
  );
}

function Revision(
  props: IProps & { each: IRevision; isNow: boolean }
): JSX.Element {
  const { each, isNow, model, trans } = props;
  return (
    <li className={isNow ? 'xc-mod-now' : ''}>
      <details>
        <summary>
          <span className="xc-History-date">{each.date}</span>
          <span className="xc-History-words">{summary(each, trans)}</span>
        </summary>
        {each.command && <code>{each.command}</code>}
        <ul>
          {lines(each).map(line => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </details>
      {!isNow && (
        <button
          className="jp-mod-styled"
          onClick={() => void model.begin({ verb: 'undo', revision: each.rev })}
        >
          {trans.__('Back to revision %1', each.rev)}
        </button>
      )}
    </li>
  );
}

/** What a revision did, one line per package. */
export function lines(each: IRevision): string[] {
  return [
    ...each.remove.map(text => `− ${shortly(text)}`),
    ...each.downgrade.map(pair => `↓ ${movement(pair)}`),
    ...each.upgrade.map(pair => `↑ ${movement(pair)}`),
    ...each.install.map(text => `+ ${shortly(text)}`)
  ];
}

/** conda's `name-version-build-channel`, where a version begins with a digit. */
const DISTRIBUTION = /^(?:.*::)?(.+?)-(\d[^-]*)-[^-]+(?:-.*)?$/;

function shortly(text: string): string {
  return text.replace(DISTRIBUTION, '$1 $2');
}

/** Another build of the same version is told in full: else nothing would seem to change. */
function movement({ old, new: next }: IChangedPair): string {
  const before = shortly(old);
  const after = shortly(next);
  return before === after
    ? `${old} → ${next}`
    : `${before} → ${after.split(' ').pop()}`;
}

function summary(each: IRevision, trans: Words): string {
  if (each.reverts_to !== null && each.reverts_to !== undefined) {
    return trans.__('back to revision %1', each.reverts_to);
  }
  const asked = [
    ...each.update_specs,
    ...each.remove_specs.map(spec => `−${spec}`)
  ].join(' ');
  const count = lines(each).length;
  return asked || trans._n('%1 change', '%1 changes', count);
}
