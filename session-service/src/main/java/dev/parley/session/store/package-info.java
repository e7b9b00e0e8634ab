/**
 * Facts: versioned items written under conditions, behind a port that every store can fill, and
 * what the domain's own ports keep in them.
 */
package dev.parley.session.store;
