"""What the crowd says: as much as the totals count, by people who were there, the same whenever it
is read.
"""

from simulator.world import chat


def read(vendor, most=40):
    return chat.lines(vendor.room, vendor.world.audience, vendor.world.clock.now(), most)


async def test_lines_are_the_same_whenever_they_are_read_and_follow_one_another(vendor):
    before = read(vendor)
    assert before == read(vendor)
    assert [line["Time"] for line in before] == sorted(line["Time"] for line in before)
    vendor.step(5)
    later = {line["MsgSeq"]: line for line in read(vendor, 80)}
    assert all(later[line["MsgSeq"]] == line for line in before)
    assert later[before[-1]["MsgSeq"]]["Time"] <= vendor.world.clock.now()


async def test_there_are_as_many_lines_as_the_totals_count(vendor):
    counted = (await vendor.in_room("get_room_stats"))["TotalMsgCount"]
    assert len(read(vendor, 10**6)) == counted
    vendor.step(300)
    grown = (await vendor.in_room("get_room_stats"))["TotalMsgCount"]
    assert len(read(vendor, 10**6)) == grown > counted


async def test_many_people_speak_and_a_few_say_what_a_moderator_is_there_for(vendor):
    vendor.step(3600)
    lines = read(vendor, 600)
    unwelcome = [line for line in lines if line["Text"] in chat.UNWELCOME]
    assert len({line["From_Account"] for line in lines}) > 100
    assert 0 < len(unwelcome) < len(lines) / 5


async def test_who_is_muted_or_banned_says_nothing(vendor):
    muted, banned = read(vendor)[-1]["From_Account"], read(vendor)[-2]["From_Account"]
    await vendor.in_room("mute_member", MemberList_Account=[muted], MuteTime=60)
    await vendor.in_room("ban_member", MemberList_Account=[banned], Duration=60)
    assert not {muted, banned} & {line["From_Account"] for line in read(vendor)}


async def test_nobody_says_anything_while_everybody_is_muted(vendor):
    room = {"RoomId": vendor.room.room_id}
    await vendor.get("update_room_info", {"RoomInfo": room | {"IsMessageDisabled": True}})
    before = read(vendor)
    vendor.step(600)
    assert read(vendor) == before
    began = vendor.world.clock.now()
    await vendor.get("update_room_info", {"RoomInfo": room | {"IsMessageDisabled": False}})
    vendor.step(600)
    assert read(vendor) and all(line["Time"] >= began - 1 for line in read(vendor))


async def test_chat_is_seen_through_the_test_door(vendor):
    answer = await vendor.client.get("/_simulator/chat", params={"room_id": vendor.room.room_id})
    assert (await answer.json())["lines"] == read(vendor, 50)
    answer = await vendor.client.get("/_simulator/chat", params={"room_id": "none such"})
    assert (await answer.json())["lines"] == []
