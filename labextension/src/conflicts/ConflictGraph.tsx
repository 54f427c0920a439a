/** The picture of a conflict: what was asked, what that needs, and where it clashes. */
import * as React from 'react';

import { IConflict, IDrawnNode } from '../api/types';
import { Words } from '../panel/words';
import { IArrow, IBox, layout } from './layout';

export function ConflictGraph(props: {
  facts: IConflict;
  trans: Words;
}): JSX.Element {
  const { facts, trans } = props;
  const picture = React.useMemo(
    () => layout(facts, node => clashWords(node, facts, trans)),
    [facts, trans]
  );
  const mark = React.useId();
  return (
    <div className="xc-Graph" tabIndex={0} aria-label={trans.__('Picture')}>
      <svg
        role="img"
        aria-label={trans.__(
          'How the requests exclude each other; the same is said in words below.'
        )}
        width={picture.width}
        height={picture.height}
        viewBox={`0 0 ${picture.width} ${picture.height}`}
        style={{ minWidth: picture.width * 0.6 }}
      >
        <defs>
          <Head id={`${mark}plain`} name="xc-Graph-head" />
          <Head id={`${mark}clash`} name="xc-Graph-head xc-mod-clash" />
        </defs>
        {picture.arrows.map((each, at) => (
          <Arrow key={at} each={each} mark={mark} />
        ))}
        {picture.boxes.map(each => (
          <Box key={each.id} each={each} />
        ))}
        {picture.arrows.map((each, at) => (
          <Label key={at} each={each} />
        ))}
      </svg>
    </div>
  );
}

function Head(props: { id: string; name: string }): JSX.Element {
  return (
    <marker
      id={props.id}
      viewBox="0 0 8 8"
      refX="2"
      refY="4"
      markerWidth="8"
      markerHeight="8"
      markerUnits="userSpaceOnUse"
      orient="auto"
    >
      <path className={props.name} d="M 0 0 L 8 4 L 0 8 z" />
    </marker>
  );
}

function Arrow({ each, mark }: { each: IArrow; mark: string }): JSX.Element {
  const kind = each.kind === 'constrains' ? ' xc-mod-constrains' : '';
  const clash = each.isClash ? ' xc-mod-clash' : '';
  return (
    <path
      className={`xc-Graph-arrow${kind}${clash}`}
      d={each.path}
      markerEnd={`url(#${mark}${each.isClash ? 'clash' : 'plain'})`}
    >
      <title>{each.words}</title>
    </path>
  );
}

function Label({ each }: { each: IArrow }): JSX.Element | null {
  if (!each.label) {
    return null;
  }
  return (
    <g className={`xc-Graph-label${each.isClash ? ' xc-mod-clash' : ''}`}>
      <title>{each.words}</title>
      <rect
        x={each.labelX - each.labelWidth / 2}
        y={each.labelY - 9}
        width={each.labelWidth}
        height={18}
        rx={9}
      />
      <text x={each.labelX} y={each.labelY} dominantBaseline="central">
        {each.label}
      </text>
    </g>
  );
}

function Box({ each }: { each: IBox }): JSX.Element {
  const clash = each.isClash ? ' xc-mod-clash' : '';
  const middle = each.x + each.width / 2;
  const top = each.y + each.height / 2 - (each.lines.length - 1) * 8;
  return (
    <g className={`xc-Graph-box xc-mod-${each.kind}${clash}`}>
      <title>{each.words}</title>
      <rect
        x={each.x}
        y={each.y}
        width={each.width}
        height={each.height}
        rx={each.kind === 'asked' ? 12 : 3}
      />
      {each.lines.map((line, at) => (
        <text key={at} x={middle} y={top + at * 16} dominantBaseline="central">
          {line}
        </text>
      ))}
    </g>
  );
}

/** Why nothing fits, below the name that everything meets at. */
function clashWords(node: IDrawnNode, facts: IConflict, trans: Words): string {
  if (node.kind !== 'missing') {
    return node.kind === 'machine'
      ? trans.__('this machine has another')
      : trans.__('no version fits all');
  }
  const claim = facts.conflict.claims.find(each => each.target === node.id);
  return claim?.existing
    ? trans.__('there is only %1', claim.existing)
    : trans.__('in none of the channels');
}
