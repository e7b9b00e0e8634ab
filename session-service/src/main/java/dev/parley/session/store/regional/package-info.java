/**
 * The Library's facts, each in the region whose library its identifier names, and the seal on what
 * belongs to one region and lies in another.
 */
package dev.parley.session.store.regional;
