/** What a container engine has to bring along to be held to the contract. */
import type { ContainerEngine } from '../ports/container-engine.js';

/** The few programs the contract runs, each as argv. An image speaks them with its shell, a scripted engine with functions. */
export interface ContractCommands {
  /** Prints one text to stdout and one to stderr, and ends with the code. */
  print(stdout: string, stderr: string, exitCode: number): string[];
  /** Prints each of its arguments, followed by a NUL. */
  printArguments(values: readonly string[]): string[];
  /** Prints the value of an environment variable, or nothing. */
  printVariable(name: string): string[];
  /** Copies a file between two paths of the container; ends with another code than 0 when it cannot. */
  copy(from: string, to: string): string[];
  /** Adds to a file every few milliseconds, and never ends. */
  beat(path: string): string[];
  /** Prints `first`, then this many bytes, then `last`, each on lines of their own. */
  printMany(bytes: number): string[];
  /** Has a child killed for the memory limit of 32MiB, then ends with the code itself. */
  outgrowMemory(exitCode: number): string[];
  /** A program that does not exist. */
  unknownProgram: string[];
}

/** An engine to be tested, and what it works with. */
export interface ContainerEngineSubject {
  engine: ContainerEngine;
  /** An image that is there and speaks the commands. */
  image: string;
  /** One that nobody has. */
  unknownImage: string;
  /** An empty folder of this machine, which the containers' user may write to. */
  workspace: string;
  commands: ContractCommands;
  /** `uid:gid` of the containers' processes, where it is not this one's own. */
  user?: string;
  /** Called after each test, when all of its containers are gone. */
  close(): Promise<void>;
}
