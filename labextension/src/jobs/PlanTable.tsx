/** What a plan would change, removals and downgrades first: they are what people look for. */
import * as React from 'react';

import { IOperation, IPlan } from '../api/types';
import { sizeWords } from '../packages/versions';
import { Words } from '../panel/words';

const ORDER = ['remove', 'downgrade', 'upgrade', 'rebuild', 'reinstall'];

/** Operations in the order in which they are shown. */
export function inOrder(operations: readonly IOperation[]): IOperation[] {
  const rank = (each: IOperation) => {
    const found = ORDER.indexOf(each.movement);
    return found < 0 ? ORDER.length : found;
  };
  return [...operations].sort(
    (a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en')
  );
}

/** One line on how much a plan changes. */
export function planWords(plan: IPlan, trans: Words): string {
  const count = (kind: string) =>
    plan.operations.filter(each => each.kind === kind).length;
  const parts = [
    [count('install'), trans.__('to install')],
    [count('change') + count('reinstall'), trans.__('to change')],
    [count('remove'), trans.__('to remove')]
  ]
    .filter(([number]) => Number(number) > 0)
    .map(([number, words]) => `${number} ${words}`);
  if (!parts.length) {
    return trans.__('Nothing to change: all of it is there already.');
  }
  if (plan.download_bytes > 0) {
    parts.push(trans.__('%1 to download', sizeWords(plan.download_bytes)));
  }
  return parts.join(' · ');
}

export function PlanTable(props: { plan: IPlan; trans: Words }): JSX.Element {
  const { plan, trans } = props;
  return (
    <div className="xc-Plan">
      <p className="xc-Plan-words">{planWords(plan, trans)}</p>
      {plan.operations.length > 0 && (
        <table className="xc-Plan-table">
          <thead>
            <tr>
              <th scope="col">{trans.__('Package')}</th>
              <th scope="col">{trans.__('Now')}</th>
              <th scope="col">{trans.__('Then')}</th>
            </tr>
          </thead>
          <tbody>
            {inOrder(plan.operations).map(each => (
              <tr
                key={each.name}
                className={`xc-mod-${each.movement}`}
                title={title(each, trans)}
              >
                <th scope="row">{each.name}</th>
                <td>{each.old?.version ?? ''}</td>
                <td>{each.new?.version ?? trans.__('removed')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function title(each: IOperation, trans: Words): string {
  const why = each.requested_spec
    ? trans.__('you asked for %1', each.requested_spec)
    : trans.__('needed by what you asked for');
  return each.new ? `${each.movement} · ${each.new.channel} · ${why}` : '';
}
