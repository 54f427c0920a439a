/** A list that draws only the rows in sight, so that ten thousand stay smooth. */
import * as React from 'react';

const ROW = 26; // pixels, as style/packages.css has it
const BEYOND = 8; // rows drawn above and below those in sight
const STEPS: { [key: string]: number } = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 10,
  PageUp: -10,
  Home: -Infinity,
  End: Infinity
};

export function VirtualList<T>(props: {
  items: readonly T[];
  label: string;
  keyOf: (item: T) => string;
  /**
   * Draws a row; what carries `data-row-focus` in it takes the keyboard. All that can be tabbed to
   * has the `tabIndex` given: Tab passes through one row, arrows through all of them.
   */
  row: (item: T, tabIndex: number) => JSX.Element;
}): JSX.Element {
  const { items, keyOf, row, label } = props;
  const box = React.useRef<HTMLDivElement>(null);
  const [top, setTop] = React.useState(0);
  const height = useHeight(box);
  const { active, move, follow } = useActiveRow(box, items.length, height);
  const first = Math.max(0, Math.floor(top / ROW) - BEYOND);
  const last = Math.min(items.length, Math.ceil((top + height) / ROW) + BEYOND);
  const isActiveDrawn = active >= first && active < last;
  return (
    <div
      ref={box}
      className="xc-List"
      role="list"
      aria-label={label}
      onKeyDown={move}
      onFocus={follow}
      onScroll={event => setTop(event.currentTarget.scrollTop)}
    >
      <div style={{ height: items.length * ROW, position: 'relative' }}>
        {items.slice(first, last).map((item, at) => {
          const place = first + at;
          const canTab = place === (isActiveDrawn ? active : first);
          return (
            <div
              key={keyOf(item)}
              role="listitem"
              aria-setsize={items.length}
              aria-posinset={place + 1}
              data-row={place}
              className="xc-List-row"
              style={{ top: place * ROW, height: ROW }}
            >
              {row(item, canTab ? 0 : -1)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function useHeight(box: React.RefObject<HTMLElement>): number {
  const [height, setHeight] = React.useState(400);
  React.useEffect(() => {
    const node = box.current;
    if (!node || typeof ResizeObserver === 'undefined') {
      return;
    }
    const observer = new ResizeObserver(() => setHeight(node.clientHeight));
    observer.observe(node);
    return () => observer.disconnect();
  }, [box]);
  return height;
}

/** The row that the keyboard is at, and what arrows do: one row of the list can be tabbed to. */
function useActiveRow(
  box: React.RefObject<HTMLElement>,
  count: number,
  height: number
): {
  active: number;
  move: (event: React.KeyboardEvent) => void;
  follow: (event: React.FocusEvent) => void;
} {
  const [active, setActive] = React.useState(0);
  const [isMoved, setMoved] = React.useState(false);
  React.useEffect(() => {
    if (isMoved) {
      const row = box.current?.querySelector(`[data-row="${active}"]`);
      row?.querySelector<HTMLElement>('[data-row-focus]')?.focus();
      setMoved(false);
    }
  });
  const move = (event: React.KeyboardEvent) => {
    const step = STEPS[event.key];
    const node = box.current;
    const target = event.target as HTMLElement;
    if (step === undefined || !node || target.tagName === 'SELECT') {
      return;
    }
    event.preventDefault();
    const next = Math.max(0, Math.min(count - 1, (rowOf(target) ?? 0) + step));
    if (next * ROW < node.scrollTop) {
      node.scrollTop = next * ROW;
    } else if ((next + 1) * ROW > node.scrollTop + height) {
      node.scrollTop = (next + 1) * ROW - height;
    }
    setActive(next);
    setMoved(true);
  };
  const follow = (event: React.FocusEvent) =>
    setActive(before => rowOf(event.target) ?? before);
  return { active: Math.min(active, count - 1), move, follow };
}

/** The place of the row that something is in. */
function rowOf(target: Element): number | null {
  const place = target.closest('[data-row]')?.getAttribute('data-row');
  return place ? Number(place) : null;
}
