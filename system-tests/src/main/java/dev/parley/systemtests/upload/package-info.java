/** Recordings on their way to real object stores, over links that break. */
package dev.parley.systemtests.upload;
