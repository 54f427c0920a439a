/** What a plan would change, with what it takes away first: that is what people look for. */
import * as React from 'react';

import { IOperation, IPlan } from '../api/types';
import { sizeWords } from '../packages/versions';
import { Words } from '../panel/words';
import {
  costWords,
  inOrder,
  isDoubtful,
  licenceWords,
  planWords,
  reasons,
  sideWords,
  SIGNS
} from './plan';

export function PlanTable(props: { plan: IPlan; trans: Words }): JSX.Element {
  const { plan, trans } = props;
  const why = React.useMemo(() => reasons(plan, trans), [plan, trans]);
  const rows = React.useMemo(() => inOrder(plan.operations), [plan]);
  return (
    <div className="xc-Plan">
      <p className="xc-Plan-words">{planWords(plan, trans)}</p>
      {sideWords(plan, trans).map(({ words, isLoss }) => (
        <p
          key={words}
          className={isLoss ? 'xc-Plan-side xc-mod-loss' : 'xc-Plan-side'}
        >
          {words}
        </p>
      ))}
      {rows.length > 0 && (
        <>
          <table className="xc-Plan-table">
            <thead>
              <tr>
                <th scope="col">{trans.__('Package')}</th>
                <th scope="col">{trans.__('Now → then')}</th>
                <th scope="col">{trans.__('Size')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(each => (
                <Step
                  key={each.name}
                  each={each}
                  why={why(each)}
                  isCached={!plan.fetch.includes(each.name)}
                  trans={trans}
                />
              ))}
            </tbody>
          </table>
          <p className="xc-Plan-cost">{costWords(plan, trans)}</p>
          {(plan.trust?.words ?? []).map(line => (
            <p
              key={line}
              className={`xc-Plan-trust ${isDoubtful(plan) ? 'xc-mod-doubtful' : ''}`}
            >
              {line}
            </p>
          ))}
        </>
      )}
    </div>
  );
}

function Step(props: {
  each: IOperation;
  why: string;
  isCached: boolean;
  trans: Words;
}): JSX.Element {
  const { each, why, isCached, trans } = props;
  const licence = licenceWords(each, trans);
  const channel = (each.new ?? each.old)?.channel ?? '';
  return (
    <>
      <tr className={`xc-Plan-step xc-mod-${each.movement}`}>
        <th scope="row">
          <span className="xc-Plan-sign" title={each.movement}>
            {SIGNS[each.movement] ?? '·'}
          </span>
          <span className="xc-Plan-name" title={each.name}>
            {each.name}
          </span>
        </th>
        <td colSpan={each.new ? 1 : 2}>{movementWords(each, trans)}</td>
        {each.new && (
          <td className="xc-Plan-size" title={sizeTitle(isCached, trans)}>
            {each.new.size ? sizeWords(each.new.size) : ''}
          </td>
        )}
      </tr>
      <tr className={`xc-Plan-why xc-mod-${each.movement}`}>
        <td colSpan={3}>
          {[channel, why].filter(Boolean).join(' · ')}
          {licence && <span className="xc-Plan-licence"> · {licence}</span>}
        </td>
      </tr>
    </>
  );
}

function movementWords(each: IOperation, trans: Words): string {
  const isBuild = ['rebuild', 'reinstall'].includes(each.movement);
  const words = (side: 'old' | 'new') =>
    isBuild
      ? `${each[side]?.version} ${each[side]?.build}`
      : (each[side]?.version ?? '');
  if (!each.new) {
    return trans.__('%1 → removed', words('old'));
  }
  return each.old ? `${words('old')} → ${words('new')}` : words('new');
}

function sizeTitle(isCached: boolean, trans: Words): string {
  return isCached
    ? trans.__('The archive is in the package cache already')
    : trans.__('To be downloaded');
}
