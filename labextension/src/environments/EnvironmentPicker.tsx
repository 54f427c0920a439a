/** Which environment the panel is about. */
import { refreshIcon, addIcon, LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { IEnvironment } from '../api/types';
import { PanelModel } from '../panel/model';
import { Words } from '../panel/words';

interface IProps {
  model: PanelModel;
  trans: Words;
}

export function EnvironmentPicker({ model, trans }: IProps): JSX.Element {
  const [isNaming, setNaming] = React.useState(false);
  return (
    <header className="xc-Picker">
      <div className="xc-Row">
        <select
          className="jp-mod-styled xc-Picker-select"
          aria-label={trans.__('Environment')}
          value={model.prefix}
          title={model.prefix}
          onChange={event => void model.choose(event.target.value)}
        >
          {model.environments.map(each => (
            <option key={each.prefix} value={each.prefix}>
              {label(each, trans)}
            </option>
          ))}
        </select>
        <IconButton
          icon={addIcon}
          label={trans.__('New environment')}
          onClick={() => setNaming(!isNaming)}
        />
        <IconButton
          icon={refreshIcon}
          label={trans.__('Look again')}
          onClick={() => void model.refresh()}
        />
      </div>
      {isNaming && (
        <NewEnvironment
          model={model}
          trans={trans}
          close={() => setNaming(false)}
        />
      )}
    </header>
  );
}

/** Name and first packages of an environment that is to be made. */
function NewEnvironment({
  model,
  trans,
  close
}: IProps & { close: () => void }): JSX.Element {
  const [name, setName] = React.useState('');
  const [specs, setSpecs] = React.useState('python ipykernel');
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    close();
    void model.begin({
      verb: 'create',
      name: name.trim(),
      specs: specs.split(/\s+/).filter(Boolean)
    });
  };
  return (
    <form className="xc-New" onSubmit={submit}>
      <input
        autoFocus
        required
        className="jp-mod-styled"
        placeholder={trans.__('Name')}
        aria-label={trans.__('Name of the new environment')}
        value={name}
        onChange={event => setName(event.target.value)}
      />
      <input
        className="jp-mod-styled"
        aria-label={trans.__('Packages to begin with')}
        value={specs}
        onChange={event => setSpecs(event.target.value)}
      />
      <button className="jp-mod-styled jp-mod-accept" type="submit">
        {trans.__('Create')}
      </button>
    </form>
  );
}

export function IconButton(props: {
  icon: LabIcon;
  label: string;
  onClick: () => void;
  disabled?: boolean;
}): JSX.Element {
  return (
    <button
      type="button"
      className="jp-Button jp-mod-minimal xc-IconButton"
      title={props.label}
      aria-label={props.label}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <props.icon.react tag="span" elementSize="normal" />
    </button>
  );
}

function label(each: IEnvironment, trans: Words): string {
  const name = each.name || each.prefix;
  return each.is_frozen
    ? trans.__('%1 (frozen)', name)
    : each.is_writable
      ? name
      : trans.__('%1 (read only)', name);
}
