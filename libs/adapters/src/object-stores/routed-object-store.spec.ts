import { describe, expect, it } from '@jest/globals';
import type { ObjectStore } from '@longshore/core';
import { MemoryObjectStore } from '@longshore/core/testing';
import { RoutedObjectStore } from './routed-object-store.js';

const inFolder = { bucket: 'file:///data/images', prefix: '' };
const inS3 = { bucket: 'images', prefix: 'run1/' };

function routed(): { store: RoutedObjectStore; stores: Record<'folder' | 's3', MemoryObjectStore>; made: string[] } {
  const stores = { folder: new MemoryObjectStore(), s3: new MemoryObjectStore() };
  stores.folder.createBucket(inFolder.bucket);
  stores.s3.createBucket(inS3.bucket);
  const made: string[] = [];
  const make = (kind: keyof typeof stores) => (): ObjectStore => {
    made.push(kind);
    return stores[kind];
  };
  return { store: new RoutedObjectStore({ folder: make('folder'), s3: make('s3') }), stores, made };
}

describe('object stores behind one door', () => {
  it.each([
    ['folder', inFolder],
    ['s3', inS3],
  ] as const)('sends every call for a %s there', async (kind, location) => {
    const { store, stores } = routed();
    stores[kind].put(location.bucket, `${location.prefix}object`, Buffer.from('content'));
    const objects = (await Array.fromAsync(store.list(location))).flat();
    expect(objects.map(({ key }) => key)).toEqual([`${location.prefix}object`]);
    expect(Buffer.concat(await Array.fromAsync(store.read(location, objects[0]!))).toString()).toBe('content');
    const stage = (name: string) => store.stage({ location, name, path: import.meta.filename });
    await store.publish(location, await stage('published'));
    await store.abandon(location, await stage('abandoned'));
    await stage('swept');
    expect(stores[kind].stagedCount).toBe(1);
    await store.sweep(location, ['swept']);
    expect(stores[kind].stagedCount).toBe(0);
    expect(stores[kind].keys(location.bucket)).toEqual([`${location.prefix}object`, `${location.prefix}published`]);
  });

  it('makes a store when it is first needed, and once', async () => {
    const { store, made } = routed();
    expect(made).toEqual([]);
    await Array.fromAsync(store.list(inFolder));
    await store.sweep(inFolder, ['a']);
    expect(made).toEqual(['folder']);
    await Array.fromAsync(store.list(inS3));
    await Array.fromAsync(store.list(inS3));
    expect(made).toEqual(['folder', 's3']);
  });
});
