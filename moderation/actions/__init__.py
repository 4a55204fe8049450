"""Acts on rooms and members: which there are, how they are ordered, and what a page says of them.

verbs          the table of verbs: permission, form, path, handler, help text
forms          forms of acts on hosts and members
setting_forms  forms of changes of a room
bulk_forms     the form of one order for several rooms
views          views of acts: guard, form, order, answer
setting_views  the panel of what can be changed, and the stream key
orders         checks an order, stores `Action` and audit entry in one transaction
requests       `ActionRequest`: what is asked of a room
preconditions  what must be so before a room is changed
amendments     an order is hastened, given another reason, undone, tried again
dispatch       on commit: sends the task, pushes to the pages, asks for a reading
bulk           one order for several rooms: an act for each
queries        acts, bans and entries as pages read them
presentation   codes and states in words
handlers       what each verb does at the vendor
"""
