/** Sends each call to the store of its location, which is made when it is first needed. */
import {
  ObjectStore,
  storeKind,
  type ListOptions,
  type Location,
  type ObjectRef,
  type StagedOutput,
  type StageRequest,
  type StoreKind,
} from '@longshore/core';

/** A machine that only reads folders never looks for cloud credentials. */
export class RoutedObjectStore extends ObjectStore {
  private readonly made = new Map<StoreKind, ObjectStore>();

  constructor(private readonly makers: Record<StoreKind, () => ObjectStore>) {
    super();
  }

  list(location: Location, options?: ListOptions): AsyncIterable<ObjectRef[]> {
    return this.storeOf(location).list(location, options);
  }

  read(location: Location, object: ObjectRef, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    return this.storeOf(location).read(location, object, signal);
  }

  override fetch(location: Location, object: ObjectRef, path: string, signal?: AbortSignal): Promise<void> {
    return this.storeOf(location).fetch(location, object, path, signal);
  }

  stage(request: StageRequest): Promise<StagedOutput> {
    return this.storeOf(request.location).stage(request);
  }

  publish(location: Location, staged: StagedOutput): Promise<void> {
    return this.storeOf(location).publish(location, staged);
  }

  canPublish(location: Location, staged: StagedOutput): Promise<boolean> {
    return this.storeOf(location).canPublish(location, staged);
  }

  abandon(location: Location, staged: StagedOutput): Promise<void> {
    return this.storeOf(location).abandon(location, staged);
  }

  sweep(location: Location, names: readonly string[]): Promise<void> {
    return this.storeOf(location).sweep(location, names);
  }

  private storeOf(location: Location): ObjectStore {
    const kind = storeKind(location);
    const store = this.made.get(kind) ?? this.makers[kind]();
    this.made.set(kind, store);
    return store;
  }
}
