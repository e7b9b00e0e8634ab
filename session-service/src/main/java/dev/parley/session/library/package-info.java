/** The Library: which object lies where, who may have it, and until when. */
package dev.parley.session.library;
