import type { EngineClient } from './client.ts';

export const OBJECT_KINDS = ['container', 'image', 'network', 'volume'] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** dockerode takes `abortSignal` in every inspect; its types say so for containers only. */
function inspect(object: { inspect(...args: never[]): unknown }, abortSignal: AbortSignal): Promise<unknown> {
  return Promise.resolve(Reflect.apply(object.inspect, object, [{ abortSignal }]));
}

/** Docker's own JSON of an image, network or volume. Throws OBJECT_NOT_FOUND. */
export function inspectObject(
  engine: EngineClient,
  kind: Exclude<ObjectKind, 'container'>,
  id: string,
): Promise<unknown> {
  const options = { operation: `inspect the ${kind}`, meanings: { 404: 'OBJECT_NOT_FOUND' } } as const;
  return engine.read<unknown>(options, (docker, abortSignal) => {
    switch (kind) {
      case 'image':
        return inspect(docker.getImage(id), abortSignal);
      case 'network':
        return inspect(docker.getNetwork(id), abortSignal);
      case 'volume':
        return inspect(docker.getVolume(id), abortSignal);
    }
  });
}

/** Docker's own JSON of a container. Throws CONTAINER_NOT_FOUND. */
export function inspectContainer(engine: EngineClient, id: string): Promise<unknown> {
  return engine.read<unknown>(
    { operation: 'inspect the container', meanings: { 404: 'CONTAINER_NOT_FOUND' } },
    (docker, abortSignal) => docker.getContainer(id).inspect({ abortSignal }),
  );
}
