/** Typed settings: unit, range, default and source of each, and every mistake told at once. */
package dev.parley.common.config;
