import picomatch from 'picomatch';
import type { ContainerFacts } from './facts.ts';

export type NamedContainer = Pick<ContainerFacts, 'name' | 'labels'>;
export type ContainerMatcher = (container: NamedContainer) => boolean;

const LABEL = 'label:';

/** `label:key`, `label:key=value` (both exact) or a glob over the name; a leading `!` has no special meaning. */
export function compileContainerMatcher(entry: string): ContainerMatcher {
  if (entry.startsWith(LABEL)) return labelMatcher(entry.slice(LABEL.length));
  const matches = picomatch(entry, { dot: true, nonegate: true });
  return (container) => matches(container.name);
}

function labelMatcher(label: string): ContainerMatcher {
  const split = label.indexOf('=');
  const key = split === -1 ? label : label.slice(0, split);
  const value = split === -1 ? undefined : label.slice(split + 1);
  return ({ labels }) => Object.hasOwn(labels, key) && (value === undefined || labels[key] === value);
}
