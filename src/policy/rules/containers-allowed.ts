import type { NamedContainer } from '../containers.ts';
import type { ContainerFacts } from '../facts.ts';
import type { Policy } from '../policy.ts';
import { type Denial, deny } from '../verdict.ts';

/** Whether MCP_DOCKER_ALLOWED_CONTAINERS lets a client see and use this container; docker_ps lists no others. */
export function isVisible(container: NamedContainer, policy: Policy): boolean {
  if (!policy.enforced || policy.allowedContainers === undefined) return true;
  return policy.allowedContainers.some((matches) => matches(container));
}

/** MCP_DOCKER_ALLOWED_CONTAINERS, for exec, logs and inspect alike. */
export function containersAllowed(container: ContainerFacts, policy: Policy): Denial | undefined {
  if (isVisible(container, policy)) return undefined;
  return deny(
    'containers.allowed',
    container.name,
    `Container ${container.name} is not among the containers this server may use`,
    'docker_ps lists those it may use. The operator chooses them with MCP_DOCKER_ALLOWED_CONTAINERS.',
  );
}
