/**
 * Sound as float frames: adding, taking the own voice out, gains without clicks, limiting, levels.
 */
package dev.parley.media.mix;
