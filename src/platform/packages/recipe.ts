import type { LockedFile } from './download.ts';
import type { StartContext } from '../../kernel/component.ts';

interface FetchedOnce {
  /** Short, for names of folders, processes and files: `rabbitmq`. */
  readonly name: string;
  readonly title: string;
  /** Raise it when what is installed changes in kind: older folders are then left alone. */
  readonly format: number;
  /** Over the line, and how long on a usual one. */
  readonly bytes: number;
  readonly seconds: number;
  /** While it is fetched: lists, packages and what is unpacked, side by side. */
  readonly diskBytes: number;
  /** The user's remedy where it cannot be fetched. */
  readonly hint: string;
  /**
   * Makes the files in the folder fit to run there, checks that they do, and removes what only costs space.
   * @returns the version
   */
  finish(folder: string, context: StartContext): Promise<string>;
}

interface DebPackages extends FetchedOnce {
  readonly kind: 'deb';
  /** The package that is wanted, with what it needs. */
  readonly wanted: string;
  /** Selects the needed packages among all dependencies; the rest serves a system service. */
  readonly keep: RegExp;
}

/** Packages of the system's own suite: they run on its C library. */
export interface SystemDebs extends DebPackages {
  readonly suite: 'system';
  /** Packages that must be unpacked together, even where the system has some of them already. */
  readonly together: RegExp;
  /** The one that all of those need: where the system lacks it, it lacks them all. */
  readonly base: RegExp;
}

/** Packages of a newer suite of Debian: they run on their own C library, which must be among the kept ones. */
export interface SuiteDebs extends DebPackages {
  readonly suite: DebianSuite;
}

/** Packages of a Debian archive; apt checks the archive's signature and each hash. */
export type DebRecipe = SystemDebs | SuiteDebs;

/** A suite of Debian's archive, found at the mirror that the system's apt uses. */
export interface DebianSuite {
  /** By codename: names such as `testing` move on. */
  readonly codename: string;
  /** Files with the keys of its signature; the first that exists is used. */
  readonly keyrings: readonly string[];
}

/** Files of a Maven repository, each held to its hash. */
export interface JarRecipe extends FetchedOnce {
  readonly kind: 'jar';
  readonly version: string;
  readonly files: readonly LockedFile[];
  /** The dependencies that resolve to these files, for a Maven of the user's own: the inner part of a POM. */
  readonly pom: string;
}

export type PackageRecipe = DebRecipe | JarRecipe;
