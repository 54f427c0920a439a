/** What is installed: filtered, sorted, and with what can be done to each package. */
import {
  caretDownIcon,
  caretUpIcon,
  closeIcon,
  refreshIcon
} from '@jupyterlab/ui-components';
import * as React from 'react';

import { IPackage } from '../api/types';
import { IconButton } from '../environments/IconButton';
import { PanelModel } from '../panel/model';
import { Words } from '../panel/words';
import { shown, sizeWords, sorted, SortKey } from './versions';
import { VirtualList } from './VirtualList';

interface IProps {
  model: PanelModel;
  trans: Words;
  open: (name: string) => void;
}

export function InstalledList(
  props: IProps & { filter: string; find: () => Promise<void> }
): JSX.Element {
  const { model, trans, filter, find, open } = props;
  const [key, setKey] = React.useState<SortKey>('name');
  const [descending, setDescending] = React.useState(false);
  const [onlyUpdates, setOnlyUpdates] = React.useState(false);
  const updates = onlyUpdates ? model.updates : null;
  const ordered = React.useMemo(
    () => sorted(model.packages, key, descending),
    [model.packages, key, descending]
  );
  const rows = React.useMemo(
    () => shown(ordered, filter, updates),
    [ordered, filter, updates]
  );
  const sortBy = (chosen: SortKey) => {
    setDescending(chosen === key ? !descending : false);
    setKey(chosen);
  };
  const showUpdates = () => {
    setOnlyUpdates(true);
    void model.findUpdates();
  };
  return (
    <>
      <div className="xc-Row xc-Filters" role="group">
        <FilterButton isOn={!onlyUpdates} choose={() => setOnlyUpdates(false)}>
          {trans.__('Installed')} <small>{model.packages.length}</small>
        </FilterButton>
        <FilterButton isOn={onlyUpdates} choose={showUpdates}>
          {trans.__('Updatable')}{' '}
          {model.updates && <small>{model.updates.size}</small>}
        </FilterButton>
      </div>
      {rows.length > 0 && (
        <Heads
          sortedBy={key}
          descending={descending}
          sortBy={sortBy}
          trans={trans}
        />
      )}
      {rows.length ? (
        <VirtualList
          items={rows}
          label={trans.__('Installed packages')}
          keyOf={each => each.name}
          row={(each, tabIndex) => (
            <Row {...{ each, model, trans, open, tabIndex }} />
          )}
        />
      ) : (
        <Empty {...{ model, trans, filter, find, onlyUpdates }} />
      )}
      <div className="xc-Row xc-Foot">
        <span>{trans._n('%1 package', '%1 packages', rows.length)}</span>
        <button
          className="jp-mod-styled"
          disabled={!model.canChange || !model.packages.length}
          onClick={() => void model.begin({ verb: 'update', update_all: true })}
        >
          {trans.__('Update all')}
        </button>
      </div>
    </>
  );
}

function FilterButton(props: {
  isOn: boolean;
  choose: () => void;
  children: React.ReactNode;
}): JSX.Element {
  return (
    <button
      type="button"
      className="xc-Filter"
      aria-pressed={props.isOn}
      onClick={props.choose}
    >
      {props.children}
    </button>
  );
}

function Heads(props: {
  sortedBy: SortKey;
  descending: boolean;
  sortBy: (key: SortKey) => void;
  trans: Words;
}): JSX.Element {
  const { sortedBy, descending, sortBy, trans } = props;
  const Caret = descending ? caretDownIcon : caretUpIcon;
  const heads: [SortKey, string][] = [
    ['name', trans.__('Package')],
    ['version', trans.__('Version')],
    ['channel', trans.__('Channel')],
    ['size', trans.__('Size')]
  ];
  return (
    <div className="xc-Row xc-Heads">
      {heads.map(([name, words]) => (
        <button
          key={name}
          type="button"
          className={`xc-Head xc-Head-${name}`}
          aria-label={trans.__('Sort by %1', words)}
          aria-pressed={sortedBy === name}
          onClick={() => sortBy(name)}
        >
          {words}
          {sortedBy === name && <Caret.react tag="span" elementSize="small" />}
        </button>
      ))}
    </div>
  );
}

function Row(
  props: IProps & { each: IPackage; tabIndex: number }
): JSX.Element {
  const { each, model, trans, open, tabIndex } = props;
  const next = model.updates?.get(each.name);
  return (
    <>
      <button
        type="button"
        className="xc-Cell-name"
        title={`${each.name} ${each.version} ${each.build}\n${each.channel}`}
        tabIndex={tabIndex}
        data-row-focus
        onClick={() => open(each.name)}
      >
        {each.name}
      </button>
      <span
        className="xc-Cell-version"
        title={next ? `${each.version} → ${next}` : each.version}
      >
        {next ? <b>{`${each.version} → ${next}`}</b> : each.version}
      </span>
      <span className="xc-Cell-channel">{each.channel}</span>
      <span className="xc-Cell-size">
        {each.size ? sizeWords(each.size) : ''}
      </span>
      <span className="xc-Cell-actions">
        <IconButton
          icon={refreshIcon}
          label={trans.__('Update %1', each.name)}
          disabled={!model.canChange}
          tabIndex={tabIndex}
          onClick={() =>
            void model.begin({ verb: 'update', specs: [each.name] })
          }
        />
        <IconButton
          icon={closeIcon}
          label={trans.__('Remove %1', each.name)}
          disabled={!model.canChange}
          tabIndex={tabIndex}
          onClick={() =>
            void model.begin({ verb: 'remove', specs: [each.name] })
          }
        />
      </span>
    </>
  );
}

function Empty(props: {
  model: PanelModel;
  trans: Words;
  filter: string;
  find: () => Promise<void>;
  onlyUpdates: boolean;
}): JSX.Element {
  const { model, trans, filter, find, onlyUpdates } = props;
  if (model.isReading || (onlyUpdates && model.isFindingUpdates)) {
    return (
      <p className="xc-Empty" role="status">
        {onlyUpdates
          ? trans.__('Working out what an update would bring …')
          : trans.__('Reading the environment …')}
      </p>
    );
  }
  if (onlyUpdates && !filter.trim()) {
    return (
      <p className="xc-Empty">
        {model.updates
          ? trans.__('Everything is as new as it can be together.')
          : trans.__('It could not be found out.')}
      </p>
    );
  }
  if (!model.environment && !model.isLoading) {
    return (
      <p className="xc-Empty">
        {model.prefix
          ? trans.__('It is not made yet.')
          : trans.__('There is no environment yet: the plus sign makes one.')}
      </p>
    );
  }
  if (!filter.trim()) {
    return (
      <p className="xc-Empty">
        {trans.__('Nothing is installed. Search for a package above.')}
      </p>
    );
  }
  return (
    <div className="xc-Empty">
      <p>{trans.__('Nothing installed is called like that.')}</p>
      <button className="jp-mod-styled" onClick={() => void find()}>
        {trans.__('Search the channels')}
      </button>
    </div>
  );
}
